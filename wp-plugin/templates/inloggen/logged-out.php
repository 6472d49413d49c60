<?php defined('ABSPATH') || exit; ?>
<div class="owc-zijspan owc-zijspan-inloggen">
    <?php if ($failure !== null) : ?>
        <?php $this->partial('login-failed', ['code' => $failure, 'contact' => $contact]); ?>
    <?php endif; ?>
    <?php if ($heading !== null) : ?>
        <?php $this->partial('heading', ['level' => $level, 'text' => $heading]); ?>
    <?php endif; ?>
    <?php $this->partial('ways', ['ways' => $ways]); ?>
    <p class="nl-paragraph owc-zijspan-note owc-zijspan-inloggen__limit"><?php esc_html_e('After 15 minutes of doing nothing you are logged out.', 'owc-zijspan'); ?></p>
</div>
