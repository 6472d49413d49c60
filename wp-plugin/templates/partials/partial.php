<?php
defined('ABSPATH') || exit;

// What an answer lacks, on top of what is there. $gaps: list of {type, text, code, retry, loaded, failed}, $retryUrl.
// Script that asks again looks for data-zijspan-loaded, and says in the paragraph when it gives up.
?>
<?php foreach ($gaps as $gap) : ?>
    <div class="utrecht-alert utrecht-alert--<?php echo esc_attr($gap['type']); ?>"<?php if (isset($gap['loaded'])) : ?> data-zijspan-loaded="<?php echo esc_attr($gap['loaded']); ?>" data-zijspan-failed="<?php echo esc_attr($gap['failed']); ?>"<?php endif; ?>>
        <div class="utrecht-alert__icon"><?php $this->partial('icon', ['name' => $gap['type']]); ?></div>
        <div class="utrecht-alert__content">
            <div class="utrecht-alert__message">
                <p class="nl-paragraph"<?php if (isset($gap['loaded'])) : ?> role="status"<?php endif; ?>><?php echo esc_html($gap['text']); ?></p>
                <?php if ($gap['code'] !== null) : ?>
                    <?php $this->partial('code', ['code' => $gap['code']]); ?>
                <?php endif; ?>
                <?php if ($gap['retry'] !== null) : ?>
                    <p class="nl-paragraph owc-zijspan-no-print"><a class="nl-link" href="<?php echo esc_url($retryUrl); ?>"><?php echo esc_html($gap['retry']); ?></a></p>
                <?php endif; ?>
            </div>
        </div>
    </div>
<?php endforeach; ?>
