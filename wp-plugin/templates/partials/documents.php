<?php
defined('ABSPATH') || exit;

// $documents: list of documents
?>
<ul class="owc-zijspan-files">
    <?php foreach ($documents as $document) : ?>
        <li><?php $this->partial('document', ['document' => $document]); ?></li>
    <?php endforeach; ?>
</ul>
