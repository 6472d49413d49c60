<?php defined('ABSPATH') || exit; ?>
<div class="owc-zijspan owc-zijspan-mijn-zaken">
    <?php $this->partial('state', ['type' => 'info', 'again' => null] + compact('level', 'heading', 'text', 'code', 'contact', 'ways', 'back')); ?>
</div>
