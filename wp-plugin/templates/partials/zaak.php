<?php
defined('ABSPATH') || exit;

// One zaak in full. $zaak: the values of ZaakDetail::view()
[
    'level' => $level, 'id' => $id, 'back' => $back, 'title' => $title, 'subtitle' => $subtitle, 'open' => $open,
    'status' => $status, 'resultaat' => $resultaat, 'bezwaar' => $bezwaar,
] = $zaak;
$sub = $level + 1;
$section = function (string $name, string $text) use ($id, $sub): void {
    $this->partial('heading', ['level' => $sub, 'text' => $text, 'id' => $id($name)]);
};
?>
<?php $this->partial('back', ['back' => $back]); ?>
<?php $this->partial('partial', ['gaps' => $zaak['gaps'], 'retryUrl' => $zaak['retryUrl']]); ?>
<header>
    <?php $this->partial('heading', ['level' => $level, 'text' => $title, 'id' => $id('title')]); ?>
    <?php if ($subtitle !== null) : ?>
        <p class="owc-zijspan-zaak__subtitle"><?php echo esc_html($subtitle); ?></p>
    <?php endif; ?>
</header>
<?php if ($zaak['hoofdzaak'] !== null) : ?>
    <p class="nl-paragraph"><?php esc_html_e('This case is part of:', 'owc-zijspan'); ?> <a class="nl-link" href="<?php echo esc_url($zaak['hoofdzaak']['url']); ?>"><?php echo esc_html($zaak['hoofdzaak']['title']); ?></a></p>
<?php endif; ?>
<?php if ($zaak['toelichting'] !== null) : ?>
    <p class="nl-paragraph"><?php echo esc_html($zaak['toelichting']); ?></p>
<?php endif; ?>

<?php if ($resultaat !== null || $zaak['resultaatMissing']) : ?>
    <section class="owc-zijspan-section" aria-labelledby="<?php echo esc_attr($id('resultaat')); ?>">
        <?php $section('resultaat', __('Outcome', 'owc-zijspan')); ?>
        <?php if ($resultaat !== null) : ?>
            <div class="owc-zijspan-result">
                <p class="owc-zijspan-result__label"><?php echo esc_html($resultaat['label']); ?></p>
                <?php if ($resultaat['toelichting'] !== null) : ?>
                    <p class="nl-paragraph"><?php echo esc_html($resultaat['toelichting']); ?></p>
                <?php endif; ?>
                <?php if ($bezwaar !== null) : ?>
                    <p class="nl-paragraph"><?php
                    if (!$bezwaar['possible']) {
                        esc_html_e('You cannot object to this outcome.', 'owc-zijspan');
                    } elseif ($bezwaar['before'] !== null) {
                        /* translators: %s: the last day, such as "29 april 2026" */
                        echo esc_html(sprintf(__('Do you disagree? You can object until %s.', 'owc-zijspan'), $bezwaar['before']['text']));
                    } else {
                        esc_html_e('Do you disagree? You can object. The decision says how and until when.', 'owc-zijspan');
                    }
                    ?></p>
                <?php endif; ?>
            </div>
        <?php else : ?>
            <?php $this->partial('missing', ['text' => __('We cannot show the outcome right now.', 'owc-zijspan'), 'fetching' => $zaak['fetching']]); ?>
        <?php endif; ?>
    </section>
<?php endif; ?>

<?php if ($status !== null || $zaak['stappen'] !== [] || $zaak['statusMissing'] || $zaak['stappenMissing']) : ?>
    <section class="owc-zijspan-section" aria-labelledby="<?php echo esc_attr($id('status')); ?>">
        <?php $section('status', __('Status', 'owc-zijspan')); ?>
        <?php if ($status !== null && $open) : ?>
            <div class="owc-zijspan-zaak__now<?php echo $status['beurt'] === 'inwoner' ? ' owc-zijspan-zaak__now--inwoner' : ''; ?>">
                <?php if ($status['turn'] !== null) : ?>
                    <p class="owc-zijspan-zaak__turn"><?php echo esc_html($status['turn']); ?></p>
                <?php endif; ?>
                <p><strong><?php echo esc_html($status['label']); ?></strong><?php if ($status['since'] !== null) : ?><span class="owc-zijspan-row-note"><?php $this->partial('date', ['date' => $status['since']]); ?></span><?php endif; ?></p>
                <?php if ($status['toelichting'] !== null) : ?>
                    <p><?php echo esc_html($status['toelichting']); ?></p>
                <?php endif; ?>
                <?php if ($status['expected'] !== null) : ?>
                    <p><?php echo $status['overdue'] ? esc_html__('We expected to be ready on', 'owc-zijspan') : esc_html__('We expect to be ready on', 'owc-zijspan'); ?> <?php $this->partial('date', ['date' => $status['expected']]); ?>.<?php if ($status['overdue']) : ?> <?php esc_html_e('We did not manage that.', 'owc-zijspan'); ?><?php endif; ?></p>
                <?php endif; ?>
            </div>
        <?php elseif ($zaak['statusMissing']) : ?>
            <?php $this->partial('missing', ['text' => __('We cannot show the current status right now.', 'owc-zijspan'), 'fetching' => $zaak['fetching']]); ?>
        <?php elseif ($status !== null && $zaak['stappen'] === []) : ?>
            <p class="nl-paragraph"><strong><?php echo esc_html($status['label']); ?></strong></p>
        <?php endif; ?>
        <?php if ($zaak['stappen'] !== []) : ?>
            <?php $this->partial('steps', ['steps' => $zaak['stappen']]); ?>
        <?php elseif ($zaak['stappenMissing']) : ?>
            <?php $this->partial('missing', ['text' => __('We cannot show the steps right now.', 'owc-zijspan'), 'fetching' => $zaak['fetching']]); ?>
        <?php endif; ?>
    </section>
<?php endif; ?>

<?php if ($zaak['details'] !== []) : ?>
    <section class="owc-zijspan-section" aria-labelledby="<?php echo esc_attr($id('details')); ?>">
        <?php $section('details', __('Details', 'owc-zijspan')); ?>
        <?php $this->partial('facts', ['facts' => $zaak['details']]); ?>
    </section>
<?php endif; ?>

<?php if ($zaak['besluiten'] !== [] || $zaak['besluitenMissing']) : ?>
    <section class="owc-zijspan-section" aria-labelledby="<?php echo esc_attr($id('besluiten')); ?>">
        <?php $section('besluiten', __('Decisions', 'owc-zijspan')); ?>
        <?php foreach ($zaak['besluiten'] as $besluit) : ?>
            <div class="owc-zijspan-besluit">
                <?php $this->partial('heading', ['level' => $sub + 1, 'text' => $besluit['label']]); ?>
                <?php if ($besluit['toelichting'] !== null) : ?>
                    <p class="nl-paragraph"><?php echo esc_html($besluit['toelichting']); ?></p>
                <?php endif; ?>
                <?php if ($besluit['facts'] !== []) : ?>
                    <?php $this->partial('facts', ['facts' => $besluit['facts']]); ?>
                <?php endif; ?>
                <?php if ($besluit['documenten'] !== []) : ?>
                    <?php $this->partial('documents', ['documents' => $besluit['documenten']]); ?>
                <?php endif; ?>
            </div>
        <?php endforeach; ?>
        <?php if ($zaak['besluitenMissing']) : ?>
            <?php $this->partial('missing', ['text' => __('We cannot show the decisions right now.', 'owc-zijspan'), 'fetching' => $zaak['fetching']]); ?>
        <?php endif; ?>
    </section>
<?php endif; ?>

<?php if ($zaak['aanvraag'] !== null || $zaak['aanvraagMissing']) : ?>
    <section class="owc-zijspan-section" aria-labelledby="<?php echo esc_attr($id('aanvraag')); ?>">
        <?php $section('aanvraag', __('The application you sent in', 'owc-zijspan')); ?>
        <?php if ($zaak['aanvraag'] !== null) : ?>
            <?php $this->partial('documents', ['documents' => [$zaak['aanvraag']]]); ?>
        <?php else : ?>
            <?php $this->partial('missing', ['text' => __('We cannot show your application right now.', 'owc-zijspan'), 'fetching' => $zaak['fetching']]); ?>
        <?php endif; ?>
    </section>
<?php endif; ?>

<?php if ($zaak['documenten'] !== [] || $zaak['documentenMissing']) : ?>
    <section class="owc-zijspan-section" aria-labelledby="<?php echo esc_attr($id('documenten')); ?>">
        <?php $section('documenten', __('Documents', 'owc-zijspan')); ?>
        <?php if ($zaak['documenten'] !== []) : ?>
            <?php $this->partial('documents', ['documents' => $zaak['documenten']]); ?>
        <?php endif; ?>
        <?php if ($zaak['documentenMissing']) : ?>
            <?php $this->partial('missing', ['text' => __('We cannot show the documents right now.', 'owc-zijspan'), 'fetching' => $zaak['fetching']]); ?>
        <?php endif; ?>
    </section>
<?php endif; ?>

<?php if ($zaak['deelzaken'] !== []) : ?>
    <section class="owc-zijspan-section" aria-labelledby="<?php echo esc_attr($id('deelzaken')); ?>">
        <?php $section('deelzaken', __('Related cases', 'owc-zijspan')); ?>
        <ul class="utrecht-link-list utrecht-link-list--html-ul">
            <?php foreach ($zaak['deelzaken'] as $deelzaak) : ?>
                <li class="utrecht-link-list__item">
                    <a class="nl-link utrecht-link-list__link" href="<?php echo esc_url($deelzaak['url']); ?>"><?php echo esc_html($deelzaak['title']); ?><?php if ($deelzaak['omschrijving'] !== null && $deelzaak['omschrijving'] !== $deelzaak['title']) : ?>: <?php echo esc_html($deelzaak['omschrijving']); ?><?php endif; ?></a>
                    <?php if ($deelzaak['number'] !== null || $deelzaak['status'] !== null) : ?>
                        <span class="owc-zijspan-row-note"><?php if ($deelzaak['number'] !== null) : ?><?php esc_html_e('Case number', 'owc-zijspan'); ?> <?php $this->partial('number', ['number' => $deelzaak['number']]); ?><?php endif; ?><?php if ($deelzaak['number'] !== null && $deelzaak['status'] !== null) : ?>, <?php endif; ?><?php if ($deelzaak['status'] !== null) : ?><?php echo esc_html($deelzaak['status']); ?><?php endif; ?></span>
                    <?php endif; ?>
                </li>
            <?php endforeach; ?>
        </ul>
    </section>
<?php endif; ?>
