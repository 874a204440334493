<?php
/** What goes live together: a page with the files that it shows or links to. */

declare(strict_types=1);

namespace Secreview;

final readonly class Bundle
{
    private const PAGE = 'page.html';
    private const BYTES = 24 << 20; // in memory, together

    /** @param array<string, string> $files bytes by name, the page first */
    public function __construct(public array $files, public string $profile = '')
    {
    }

    /**
     * Return a post with its attachments.
     *
     * @param array<string, string> $fields title, content, excerpt, name
     * @param list<string> $more further texts that visitors see: tags, open custom fields
     */
    public static function ofPost(array $fields, array $more, int $id, string $profile): self
    {
        $files = [self::PAGE => self::page($fields, $more)];
        $size = strlen($files[self::PAGE]);
        foreach (self::attached($id, $fields['content']) as $name => $path) {
            $size += is_readable($path) ? (int) filesize($path) : self::BYTES;
            if ($size > self::BYTES) {
                throw new Unfit($name);
            }
            $files[$name] = (string) file_get_contents($path);
        }
        return new self($files, $profile);
    }

    /** Return the digest of each file. */
    public function digests(): array
    {
        return array_values(array_map(fn (string $bytes) => hash('sha256', $bytes), $this->files));
    }

    /** Return one digest of all files, as the service gives it in Secreview-Bundle. */
    public function digest(): string
    {
        $digests = $this->digests();
        sort($digests, SORT_STRING);
        return hash('sha256', implode("\n", $digests));
    }

    /** Return what tells bundles apart that are judged by different rules. */
    public function key(): string
    {
        return "{$this->digest()} {$this->profile}";
    }

    /** Return the files as the service takes them in JSON. */
    public function parts(): array
    {
        $part = fn (string $name, string $bytes) => ['name' => $name, 'base64' => base64_encode($bytes)];
        return array_map($part, array_map(strval(...), array_keys($this->files)), $this->files);
    }

    private static function page(array $fields, array $more): string
    {
        $lines = implode("\n", array_map(fn (string $text) => "<p>" . esc_html($text) . "</p>", $more));
        return "<!doctype html>\n<meta charset=\"utf-8\">\n<h1>{$fields['title']}</h1>\n"
            . "{$fields['content']}\n<div>{$fields['excerpt']}</div>\n"
            . "<p>" . esc_html(urldecode($fields['name'])) . "</p>\n$lines\n";
    }

    /**
     * Return the paths of files that belong to a post: its own, its picture, and what it names.
     *
     * @return array<string, string> by their names below the folder of uploads
     */
    private static function attached(int $id, string $content): array
    {
        ['basedir' => $folder, 'baseurl' => $url] = wp_get_upload_dir();
        preg_match_all('/"(?:id|mediaId)":(\d+)|wp-image-(\d+)|\bids="([\d,\s]+)"/', $content, $found);
        $named = preg_split('/[,\s]+/', implode(',', array_merge($found[1], $found[2], $found[3])));
        $own = $id === 0 ? [] : array_keys(get_children(['post_parent' => $id, 'post_type' => 'attachment']));
        $picture = $id === 0 ? 0 : (int) get_post_thumbnail_id($id);
        $paths = [];
        foreach (array_unique(array_map(intval(...), [...$own, $picture, ...$named])) as $number) {
            $isAttachment = $number > 0 && get_post_type($number) === 'attachment';
            $paths[] = $isAttachment ? (string) get_attached_file($number) : '';
        }
        $place = preg_quote((string) wp_parse_url($url, PHP_URL_PATH), '~');
        preg_match_all("~$place/([^\"'\\s<>)?#\\\\]+)~", $content, $links);
        foreach ($links[1] as $link) {
            $path = realpath("$folder/" . rawurldecode(html_entity_decode($link)));
            $paths[] = $path !== false && is_file($path) ? $path : '';
        }
        $files = [];
        $root = (string) realpath($folder);
        foreach (array_filter($paths) as $path) {
            $whole = realpath($path) ?: $path;
            $isInside = $root !== '' && str_starts_with($whole, "$root/");
            $files[$isInside ? substr($whole, strlen($root) + 1) : basename($whole)] = $whole;
        }
        ksort($files, SORT_STRING);
        return $files;
    }
}
