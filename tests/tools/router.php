<?php

// For PHP's own web server: what a web server's rules do for WordPress elsewhere.

$root = rtrim($_SERVER['DOCUMENT_ROOT'], '/');
$path = rawurldecode((string) parse_url('http://localhost' . $_SERVER['REQUEST_URI'], PHP_URL_PATH));

// Dot files and climbing out of the web root are nobody's business; uploads hold no programs.
if (preg_match('#(^|/)\.|\0|^/wp-content/uploads/.*\.php#i', $path)) {
    http_response_code(404);
    return true;
}

$file = $root . $path;
if (is_dir($file) && is_file(rtrim($file, '/') . '/index.php') && $path !== '/') {
    if (!str_ends_with($path, '/')) {
        header('Location: ' . $path . '/', true, 301);
        return true;
    }
    $path .= 'index.php';
    $file = $root . $path;
}
if (is_file($file) && $path !== '/index.php') {
    if (!str_ends_with($path, '.php')) {
        return false;
    }
    $script = $path;
} else {
    $script = '/index.php';
}

$_SERVER['SCRIPT_NAME'] = $script;
$_SERVER['PHP_SELF'] = $script;
$_SERVER['SCRIPT_FILENAME'] = $root . $script;
chdir(dirname($root . $script));
require $root . $script;
