<?php defined('ABSPATH') || exit; ?>
<div class="owc-zijspan owc-zijspan-mijn-zaken">
    <?php $this->partial('state', ['type' => 'error', 'again' => ['url' => $retryUrl, 'label' => __('Try again', 'owc-zijspan')]] + compact('level', 'heading', 'text', 'code', 'contact', 'ways', 'back')); ?>
</div>
