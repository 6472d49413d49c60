<?php
defined('ABSPATH') || exit;

// $steps: list of {number, label, toelichting, state, class, words, date, substeps}; $now: what the status says of the current step is shown above the list
?>
<ol class="denhaag-process-steps">
    <?php foreach ($steps as $step) : ?>
        <li class="denhaag-process-steps__step denhaag-process-steps__step--<?php echo esc_attr($step['class']); ?>"<?php if ($step['state'] === 'current') : ?> aria-current="step"<?php endif; ?>>
            <div class="denhaag-step-marker__connector denhaag-step-marker__connector--<?php echo esc_attr($step['class']); ?> denhaag-step-marker__connector--main-to-main"></div>
            <div class="denhaag-process-steps__step-header">
                <div class="denhaag-step-marker denhaag-step-marker--<?php echo esc_attr($step['class']); ?>" aria-hidden="true"><?php
                if ($step['state'] === 'done') {
                    $this->partial('icon', ['name' => 'check']);
                } else {
                    echo (int) $step['number'];
                }
                ?></div>
                <p class="denhaag-process-steps__step-heading denhaag-process-steps__step-heading--<?php echo esc_attr($step['class']); ?>"><span class="owc-zijspan-visually-hidden"><?php echo esc_html($step['words']); ?> </span><?php echo esc_html($step['label']); ?><?php if ($step['state'] === 'current') : ?><span class="owc-zijspan-step-state" aria-hidden="true"><?php esc_html_e('Current step', 'owc-zijspan'); ?></span><?php endif; ?></p>
            </div>
            <?php if ($step['date'] !== null || $step['toelichting'] !== null || $step['substeps'] !== []) : ?>
                <div class="denhaag-process-steps__step-body">
                    <?php if ($step['date'] !== null) : ?>
                        <p class="denhaag-process-steps__step-meta denhaag-process-steps__step-meta--date"><?php $this->partial('date', ['date' => $step['date']]); ?></p>
                    <?php endif; ?>
                    <?php if ($step['toelichting'] !== null) : ?>
                        <p class="denhaag-process-steps__step-meta"><?php echo esc_html($step['toelichting']); ?></p>
                    <?php endif; ?>
                    <?php if ($step['substeps'] !== []) : ?>
                        <details class="owc-zijspan-substeps denhaag-process-steps__step-details"<?php if ($step['state'] === 'current') : ?> open<?php endif; ?>>
                            <summary><?php
                            /* translators: %d: number of smaller steps within a step */
                            echo esc_html(sprintf(_n('What happened in this step (%d)', 'What happened in this step (%d)', count($step['substeps']), 'owc-zijspan'), count($step['substeps'])));
                            ?><span class="owc-zijspan-visually-hidden">: <?php echo esc_html($step['label']); ?></span></summary>
                            <ol>
                                <?php foreach ($step['substeps'] as $substep) : ?>
                                    <li class="denhaag-process-steps__sub-step denhaag-process-steps__sub-step--checked">
                                        <div class="denhaag-step-marker denhaag-step-marker--nested denhaag-step-marker--checked" aria-hidden="true"></div>
                                        <p class="denhaag-process-steps__sub-step-heading"><?php echo esc_html($substep['label']); ?></p>
                                        <?php if ($substep['date'] !== null) : ?>
                                            <p class="denhaag-process-steps__step-meta denhaag-process-steps__step-meta--nested"><?php $this->partial('date', ['date' => $substep['date']]); ?></p>
                                        <?php endif; ?>
                                    </li>
                                <?php endforeach; ?>
                            </ol>
                        </details>
                    <?php endif; ?>
                </div>
            <?php endif; ?>
        </li>
    <?php endforeach; ?>
</ol>
