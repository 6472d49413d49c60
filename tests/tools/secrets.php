<?php

// Prints the PHP file with what wp-config.php needs and nobody else may read: php secrets.php DIR URL

[, $dir, $url] = $argv;

$demo = is_file("$dir/demo.json") ? json_decode((string) file_get_contents("$dir/demo.json"), true) : null;
// Without a sidecar (tests of the plugin alone) the address is one where nothing listens.
$site = $demo['site'] ?? [
    'request_keyid' => 'test-request',
    'request_secret' => base64_encode(random_bytes(32)),
    'response_keyid' => 'test-response',
    'response_secret' => base64_encode(random_bytes(32)),
    'admin_keyid' => 'test-admin',
    'admin_secret' => base64_encode(random_bytes(32)),
];

$constants = [
    'WP_HOME' => $url,
    'WP_SITEURL' => $url,
    'DB_DIR' => "$dir/db",
    'DB_FILE' => 'wordpress.sqlite',
    'ZIJSPAN_URL' => $demo['api'] ?? 'http://localhost:1',
    'ZIJSPAN_REQUEST_KEYID' => $site['request_keyid'],
    'ZIJSPAN_REQUEST_SECRET' => $site['request_secret'],
    'ZIJSPAN_RESPONSE_KEYID' => $site['response_keyid'],
    'ZIJSPAN_RESPONSE_SECRET' => $site['response_secret'],
    'ZIJSPAN_ADMIN_KEYID' => $site['admin_keyid'],
    'ZIJSPAN_ADMIN_SECRET' => $site['admin_secret'],
];
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $salt) {
    $constants["{$salt}_KEY"] = bin2hex(random_bytes(32));
    $constants["{$salt}_SALT"] = bin2hex(random_bytes(32));
}

echo "<?php\n\n";
foreach ($constants as $name => $value) {
    printf("define(%s, %s);\n", var_export($name, true), var_export($value, true));
}
