<?php return ['dependencies' => ['owc-zijspan-editor', 'wp-blocks', 'wp-element', 'wp-i18n'], 'version' => '0.1.0'];
