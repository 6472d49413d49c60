<?php

// Exit 0 when the address answers 200: php ready.php URL

$curl = curl_init($argv[1]);
curl_setopt_array($curl, [
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_TIMEOUT => 15,
    CURLOPT_NOPROXY => '*',
]);
curl_exec($curl);
exit(curl_getinfo($curl, CURLINFO_RESPONSE_CODE) === 200 ? 0 : 1);
