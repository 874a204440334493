<?php
/**
 * Plugin Name: secreview
 * Description: 发布前保密审查。Posts and uploads go live only when a secreview service has cleared them.
 * Version: 0.1.0
 * Requires at least: 6.1
 * Requires PHP: 8.2
 * License: Apache-2.0
 *
 * Settings are constants in wp-config.php, out of reach of whoever may only edit posts:
 *
 *   define('SECREVIEW_URL', 'http://127.0.0.1:8300');
 *   define('SECREVIEW_TOKEN', '…');                   // scope review; with a person also gate, opinion
 *   define('SECREVIEW_SECONDS', 20);                  // that a review may take; 20 when left out
 *   define('SECREVIEW_PROFILES', ['news' => 'news']); // slug of a category → profile of rules
 *   define('SECREVIEW_OPEN', ['weather']);            // categories that are open-with-record
 *   define('SECREVIEW_PERSON', 'lin');                // hands in what was held; approval lets it out
 */

declare(strict_types=1);

namespace Secreview;

if (!defined('ABSPATH')) {
    exit;
}

require __DIR__ . '/answer.php';
require __DIR__ . '/words.php';
require __DIR__ . '/bundle.php';
require __DIR__ . '/service.php';
require __DIR__ . '/openings.php';
require __DIR__ . '/guard.php';
require __DIR__ . '/notices.php';

function setting(string $name, mixed $otherwise): mixed
{
    return defined("SECREVIEW_$name") ? constant("SECREVIEW_$name") : $otherwise;
}

$openings = new Openings((array) setting('OPEN', []));
$openings->register();
(new Guard(new Service(
    rtrim((string) setting('URL', ''), '/'),
    (string) setting('TOKEN', ''),
    (float) setting('SECONDS', 20),
    (string) setting('PERSON', ''),
), $openings, (array) setting('PROFILES', [])))->register();
(new Notices($openings))->register();
