<?php

// A small HTTP server for CurlTransportTest: php -S 127.0.0.1:PORT server.php

$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
header_remove('X-Powered-By');
switch ($path) {
    case '/echo':
        header('Content-Type: application/json');
        $headers = [];
        foreach ($_SERVER as $name => $value) {
            if (str_starts_with($name, 'HTTP_') || str_starts_with($name, 'CONTENT_')) {
                $headers[$name] = $value;
            }
        }
        echo json_encode([
            'method' => $_SERVER['REQUEST_METHOD'],
            'uri' => $_SERVER['REQUEST_URI'],
            'headers' => $headers,
            'body' => file_get_contents('php://input'),
            'port' => $_SERVER['REMOTE_PORT'],
        ]);
        break;
    case '/redirect':
        header('Location: /echo', true, 302);
        break;
    case '/large':
        header('Content-Length: ' . (64 * 1024 * 1024));
        for ($i = 0; $i < 1024; $i++) {
            echo str_repeat('x', 65536);
        }
        break;
    case '/slow':
        usleep(1500000);
        echo 'late';
        break;
    case '/cut':
        header('Content-Length: 100');
        echo 'only this';
        break;
    case '/twice':
        header('X-Twice: a');
        header('X-Twice: b', false);
        break;
}
