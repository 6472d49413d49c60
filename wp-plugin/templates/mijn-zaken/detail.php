<?php defined('ABSPATH') || exit; ?>
<article class="owc-zijspan owc-zijspan-mijn-zaken owc-zijspan-zaak" aria-labelledby="<?php echo esc_attr($id('title')); ?>">
    <?php $this->partial('zaak', ['zaak' => get_defined_vars()]); ?>
</article>
