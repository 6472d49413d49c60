<?php defined('ABSPATH') || exit; ?>
<div class="owc-zijspan owc-zijspan-mijn-zaken">
    <?php $this->partial('late', compact('level', 'heading', 'text', 'retryUrl', 'loaded', 'failed')); ?>
</div>
