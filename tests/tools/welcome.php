<?php

// What ./dev up says when everything runs: php welcome.php DIR PORT

[, $dir, $port] = $argv;

$demo = json_decode((string) file_get_contents("$dir/demo.json"), true);
$password = trim((string) file_get_contents("$dir/admin-password"));

echo "\n";
foreach (
    [
        'Website' => "http://localhost:$port/",
        'Mijn zaken' => "http://localhost:$port/mijn-zaken/",
        'wp-admin' => "http://localhost:$port/wp-admin/  (admin / $password)",
        'Sidecar api' => $demo['api'] ?? '',
        'public' => $demo['public'] ?? '',
        'hooks' => $demo['hooks'] ?? '',
        'ops' => $demo['ops'] ?? '',
        'Identity provider' => $demo['idp'] ?? '',
        'Upstreams' => $demo['upstreams'] ?? '',
        'Sidecar config' => $demo['config'] ?? '',
        'Logs' => "$dir/sidecar.log, $dir/debug.log",
    ] as $label => $value
) {
    printf("  %-18s %s\n", $label, $value);
}
echo "\n  Test persons (choose one when you log in):\n";
foreach ($demo['persons'] ?? [] as $person) {
    printf("  %-10s %-28s %s\n", $person['bsn'] ?? $person['kvk'] ?? '', $person['name'] ?? '', $person['about'] ?? '');
}
echo "\n  Edits in wp-plugin/ and php-shim/ show at the next page. Ctrl-C stops everything.\n\n";
