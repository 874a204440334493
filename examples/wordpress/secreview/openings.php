<?php
/** What becomes of an item when nobody can tell: held, or out with a note, by its categories. */

declare(strict_types=1);

namespace Secreview;

final readonly class Openings
{
    public const TYPE = 'secreview_opening';

    /** @param list<string> $open slugs of categories that are open-with-record */
    public function __construct(private array $open)
    {
    }

    public function register(): void
    {
        add_action('init', fn () => register_post_type(self::TYPE, [
            'label' => words('openings-title'),
            'public' => false,
            'show_ui' => true,
            'show_in_menu' => 'tools.php',
            'map_meta_cap' => true,
            'capability_type' => 'page',
            'capabilities' => ['create_posts' => 'do_not_allow'],
            'supports' => ['title', 'editor'],
        ]));
    }

    /**
     * Return the answer that counts. An item goes out unreviewed only when all its categories allow
     * that, and only once it has been noted.
     *
     * @param list<string> $categories
     */
    public function settled(Answer $answer, array $categories, string $title, string $digest): Answer
    {
        if ($answer->standing !== Standing::Unknown) {
            return $answer;
        }
        if ($categories === [] || array_diff($categories, $this->open) !== []) {
            return new Answer(Standing::Unknown, words('unknown', $answer->why));
        }
        $why = words('opened', $answer->why);
        $noted = wp_insert_post(wp_slash([
            'post_type' => self::TYPE,
            'post_status' => 'private',
            'post_title' => $title === '' ? $digest : $title,
            'post_content' => implode("\n", [implode(', ', $categories), $digest, $why]),
        ]));
        return is_int($noted) && $noted > 0
            ? new Answer(Standing::Opened, $why)
            : new Answer(Standing::Held, words('not-noted'));
    }

    /** Return how many items went out and have not been taken off the list. */
    public function count(): int
    {
        return (int) (wp_count_posts(self::TYPE)->private ?? 0);
    }
}
