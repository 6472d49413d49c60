<?php
defined('ABSPATH') || exit;

// $name, optional: $class. Our own drawings; text beside them says the same.
$paths = [
    'info' => 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16zm-1 6.5v7h2v-7h-2zm0-4v2.25h2V6.5h-2z',
    'ok' => 'M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16zm4.6 4.2-5.9 6.2-2.9-2.8-1.4 1.4 4.4 4.3 7.3-7.7-1.5-1.4z',
    'warning' => 'M12 2.5 1 21.5h22L12 2.5zm0 4 7.5 13h-15L12 6.5zM11 11v4.5h2V11h-2zm0 5.5v2h2v-2h-2z',
    'error' => 'M7.9 2 2 7.9v8.2L7.9 22h8.2l5.9-5.9V7.9L16.1 2H7.9zm.8 2h6.6L20 8.7v6.6L15.3 20H8.7L4 15.3V8.7L8.7 4zM11 7v6.5h2V7h-2zm0 8v2.25h2V15h-2z',
    'check' => 'M9.3 18.4 3.2 12l1.9-1.8 4.2 4.4 9.6-10L20.8 6.400z',
    'back' => 'M15.4 5.400 8.800 12l6.600 6.600-1.400 1.400L6 12l8-8 1.400 1.400z',
    'next' => 'M8.600 18.600 15.200 12 8.600 5.400 10 4l8 8-8 8-1.400-1.400z',
    'file' => 'M5 2h9.400L20 7.600V22H5V2zm2 2v16h11V9h-5V4H7zm8 .900V7h2.100L15 4.900zM9 12h7v1.800H9V12zm0 3.500h7v1.800H9v-1.800z',
    'person' => 'M12 2.500a5 5 0 1 1 0 10 5 5 0 0 1 0-10zm0 2a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM3 21.500c0-4.500 4-7 9-7s9 2.500 9 7h-2c0-3-2.900-5-7-5s-7 2-7 5H3z',
    'flag' => 'M5 2.500h2V4h12l-3 4.750L19 13.500H7v8H5v-19zM7 6v5.500h8.400l-1.750-2.750L15.400 6H7z',
];
?>
<svg class="<?php echo esc_attr($class ?? 'owc-zijspan-icon'); ?>" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false"><path d="<?php echo esc_attr($paths[$name] ?? $paths['info']); ?>"/></svg>
