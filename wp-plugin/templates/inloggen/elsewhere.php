<?php
defined('ABSPATH') || exit;

// Nothing: another block on the page asks to log in.
