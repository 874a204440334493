<?php
/** Every way by which something goes live, and what holds it there. */

declare(strict_types=1);

namespace Secreview;

final class Guard
{
    public const REPORT = '_secreview_report'; // why a post was held, masked
    private const FREE = [ // types that show nothing to visitors, or go their own way
        'revision', 'attachment', 'customize_changeset', 'oembed_cache', 'user_request',
        'wp_global_styles', Openings::TYPE,
    ];

    /** @var array<string, Answer> what was said in this request, by bundle */
    private array $known = [];

    /** What holds the post that is being written, which may have no number yet. */
    private ?Answer $held = null;

    /** @var list<int> categories of a post that the REST interface is about to write */
    private array $announced = [];

    public function __construct(
        private readonly Service $service,
        private readonly Openings $openings,
        private readonly array $profiles,
    ) {
    }

    public function register(): void
    {
        add_filter('wp_insert_post_data', $this->write(...), PHP_INT_MAX, 2);
        add_filter('wp_insert_attachment_data', $this->caption(...), PHP_INT_MAX, 2);
        add_action('publish_future_post', $this->due(...), PHP_INT_MIN);
        add_action('transition_post_status', fn ($new, $old, $post) => $this->alarm($post), PHP_INT_MIN, 3);
        add_action('wp_after_insert_post', $this->after(...), PHP_INT_MIN, 2);
        add_filter('rest_pre_insert_post', $this->announce(...), PHP_INT_MAX, 2);
        add_filter('wp_handle_upload_prefilter', $this->upload(...), PHP_INT_MAX);
        add_filter('wp_handle_sideload_prefilter', $this->upload(...), PHP_INT_MAX);
        add_filter('wp_upload_bits', $this->bits(...), PHP_INT_MAX);
    }

    /** Hold a post that is about to be written as published or scheduled: it waits as pending. */
    public function write(array $data, array $raw): array
    {
        if (!self::isGuarded((string) $data['post_type'], (string) $data['post_status'])) {
            return $data;
        }
        $fields = wp_unslash($data);
        $id = (int) ($raw['ID'] ?? 0);
        $chosen = array_filter(array_map(intval(...), (array) ($raw['post_category'] ?? [])));
        $answer = $this->answer($fields, $id, (array) wp_unslash($raw['meta_input'] ?? []), $chosen);
        if (!$answer->standing->goesOut()) {
            $data['post_status'] = 'pending';
            $this->held = $answer;
        }
        return $data;
    }

    /** Hide an attachment whose title or caption is held; its file was looked at when it came. */
    public function caption(array $data): array
    {
        $answer = $this->answer(wp_unslash($data), 0, [], []);
        if (!$answer->standing->goesOut()) {
            $data['post_status'] = 'private';
        }
        return $data;
    }

    /** Look again at a scheduled post when its time has come, before WordPress publishes it. */
    public function due(int $id): void
    {
        $post = get_post($id);
        if ($post instanceof \WP_Post && $post->post_status === 'future') {
            $this->known = [];
            $this->check($post);
        }
    }

    /** Take back what went live by a way that asks nobody first, and keep the report of any post. */
    public function alarm(\WP_Post $post): void
    {
        if (in_array($post->post_type, self::FREE, true)) {
            return;
        }
        if (self::isGuarded($post->post_type, $post->post_status)) {
            $this->check($post);
        } elseif ($this->held !== null) {
            self::keep($post, $this->held);
        }
        $this->held = null;
    }

    /** Look again when tags and custom fields are there as well. */
    public function after(int $id, \WP_Post $post): void
    {
        $this->announced = [];
        $this->alarm($post);
    }

    /** Note the categories that the REST interface sets only after the post is written. */
    public function announce(\stdClass|\WP_Error $prepared, \WP_REST_Request $request): \stdClass|\WP_Error
    {
        $this->announced = array_map(intval(...), (array) ($request['categories'] ?? []));
        return $prepared;
    }

    /** Refuse an upload that is held. */
    public function upload(array $file): array
    {
        if (empty($file['error'])) {
            $bytes = file_get_contents($file['tmp_name']);
            $refusal = $bytes === false ? words('unfit', $file['name']) : $this->refusal($file['name'], $bytes);
            $file['error'] = $refusal ?: ($file['error'] ?? 0);
        }
        return $file;
    }

    /** Refuse an upload that comes as bytes, as by XML-RPC. */
    public function bits(array|string $file): array|string
    {
        return is_array($file) ? ($this->refusal($file['name'], $file['bits']) ?: $file) : $file;
    }

    private function refusal(string $name, string $bytes): string
    {
        $bundle = new Bundle([sanitize_file_name($name) ?: 'file' => $bytes]);
        $answer = $this->openings->settled($this->service->review($bundle), [], $name, $bundle->digest());
        return $answer->standing->goesOut() ? '' : $answer->text();
    }

    /** Hold a post that is stored as published or scheduled, unless it is what was cleared. */
    private function check(\WP_Post $post): void
    {
        $answer = $this->answer(get_object_vars($post), $post->ID, [], []);
        if (!$answer->standing->goesOut()) {
            $this->hold($post);
        }
        self::keep($post, $answer);
    }

    private function hold(\WP_Post $post): void
    {
        global $wpdb;
        $before = $post->post_status;
        $wpdb->update($wpdb->posts, ['post_status' => 'pending'], ['ID' => $post->ID]);
        clean_post_cache($post->ID);
        wp_clear_scheduled_hook('publish_future_post', [$post->ID]);
        $post->post_status = 'pending';
        wp_transition_post_status('pending', $before, $post);
    }

    /** Keep what was said of a post where its editors see it. */
    private static function keep(\WP_Post $post, Answer $answer): void
    {
        if ($answer->standing === Standing::Cleared) {
            delete_post_meta($post->ID, self::REPORT);
        } else {
            update_post_meta($post->ID, self::REPORT, wp_slash($answer->text()));
        }
    }

    /** Return how a post stands; the same bytes are asked about once in a request. */
    private function answer(array $fields, int $id, array $meta, array $chosen): Answer
    {
        try {
            $bundle = $this->bundle($fields, $id, $meta, $chosen);
        } catch (Unfit $error) {
            return new Answer(Standing::Held, words('unfit', $error->getMessage()));
        }
        return $this->known[$bundle->key()] ??= $this->openings->settled(
            $this->service->review($bundle),
            $this->categories($id, $chosen),
            (string) $fields['post_title'],
            $bundle->digest(),
        );
    }

    private function bundle(array $fields, int $id, array $meta, array $chosen): Bundle
    {
        $profile = '';
        foreach ($this->categories($id, $chosen) as $slug) {
            $profile = (string) ($this->profiles[$slug] ?? $profile);
        }
        return Bundle::ofPost([
            'title' => (string) $fields['post_title'],
            'content' => (string) $fields['post_content'],
            'excerpt' => (string) $fields['post_excerpt'],
            'name' => (string) $fields['post_name'],
        ], self::more($id, $meta), $id, $profile);
    }

    /** @return list<string> slugs, sorted */
    private function categories(int $id, array $chosen): array
    {
        $numbers = $chosen ?: $this->announced;
        $terms = $numbers === []
            ? ($id === 0 ? [] : get_the_terms($id, 'category'))
            : array_map(fn ($number) => get_term($number, 'category'), $numbers);
        $slugs = array_map(fn ($term) => $term instanceof \WP_Term ? $term->slug : '', is_array($terms) ? $terms : []);
        sort($slugs, SORT_STRING);
        return $slugs;
    }

    /** @return list<string> tags and custom fields, which themes show */
    private static function more(int $id, array $meta): array
    {
        $more = [];
        $stored = $id === 0 ? [] : (array) get_post_meta($id);
        foreach (array_merge($stored, array_map(fn ($value) => [$value], $meta)) as $key => $values) {
            if (!is_protected_meta((string) $key, 'post')) {
                array_push($more, ...array_map(fn ($value) => "$key: " . self::flat($value), $values));
            }
        }
        $tags = $id === 0 ? [] : wp_get_post_terms($id, get_taxonomies(['hierarchical' => false, 'public' => true]));
        foreach (is_array($tags) ? $tags : [] as $tag) {
            $more[] = "$tag->name $tag->description";
        }
        sort($more, SORT_STRING);
        return $more;
    }

    private static function flat(mixed $value): string
    {
        return is_scalar($value) ? (string) $value : (string) wp_json_encode($value, JSON_UNESCAPED_UNICODE);
    }

    private static function isGuarded(string $type, string $status): bool
    {
        $isPublic = $status === 'future' || (bool) get_post_status_object($status)?->public;
        return $isPublic && !in_array($type, self::FREE, true);
    }
}
