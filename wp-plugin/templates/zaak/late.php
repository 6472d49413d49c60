<?php defined('ABSPATH') || exit; ?>
<div class="owc-zijspan owc-zijspan-zaak">
    <?php $this->partial('late', compact('level', 'heading', 'text', 'retryUrl', 'loaded', 'failed')); ?>
</div>
