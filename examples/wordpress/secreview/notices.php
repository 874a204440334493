<?php
/** Where editors are told why something was held, and owners what went out unreviewed. */

declare(strict_types=1);

namespace Secreview;

final readonly class Notices
{
    private const SCRIPT = <<<'JS'
        wp.domReady(() => {
            const { select, dispatch, subscribe } = wp.data;
            let shown = '';
            subscribe(() => {
                const text = select('core/editor')?.getCurrentPostAttribute('secreview') ?? '';
                if (text === shown) return;
                shown = text;
                dispatch('core/notices').removeNotice('secreview');
                if (text) dispatch('core/notices').createErrorNotice(text, { id: 'secreview', isDismissible: false });
            });
        });
        JS;

    public function __construct(private Openings $openings)
    {
    }

    public function register(): void
    {
        add_action('admin_notices', $this->show(...));
        add_action('rest_api_init', $this->field(...));
        add_action('enqueue_block_editor_assets', fn () => wp_add_inline_script('wp-edit-post', self::SCRIPT));
    }

    /** Show the report of the post on the screen, and how many items went out unreviewed. */
    public function show(): void
    {
        $post = get_post();
        $isOnScreen = get_current_screen()?->base === 'post' && $post instanceof \WP_Post;
        $report = $isOnScreen ? self::report($post->ID) : '';
        if ($report !== '') {
            self::notice(nl2br(esc_html($report)));
        }
        $count = $this->openings->count();
        if ($count > 0 && current_user_can('edit_others_posts')) {
            $url = esc_url(admin_url('edit.php?post_type=' . Openings::TYPE));
            self::notice(words('openings', $count, "<a href=\"$url\">" . words('openings-title') . '</a>'));
        }
    }

    /** Give the block editor the report of a post; visitors do not get it. */
    public function field(): void
    {
        register_rest_field(array_values(get_post_types(['show_in_rest' => true])), 'secreview', [
            'get_callback' => fn (array $post) => self::report((int) ($post['id'] ?? 0)),
            'schema' => ['type' => 'string', 'context' => ['edit'], 'readonly' => true],
        ]);
    }

    private static function report(int $id): string
    {
        return $id === 0 ? '' : (string) get_post_meta($id, Guard::REPORT, true);
    }

    private static function notice(string $html): void
    {
        echo '<div class="notice notice-error"><p>', $html, '</p></div>';
    }
}
