<?php
/** The secreview service, asked over HTTP; whatever is not the answer hoped for is not a pass. */

declare(strict_types=1);

namespace Secreview;

final readonly class Service
{
    private const LARGEST = 8 << 20; // bytes of an answer
    private const REFUSED = [413, 422]; // what the content itself causes

    public function __construct(
        private string $url,
        private string $token,
        private float $seconds,
        private string $person,
    ) {
    }

    /** Return how a bundle stands, within the time that a review may take. */
    public function review(Bundle $bundle): Answer
    {
        $until = microtime(true) + $this->seconds;
        try {
            $answer = $this->judged($bundle, $until);
        } catch (Untold $error) {
            return new Answer(Standing::Unknown, $error->getMessage());
        }
        if ($answer->standing !== Standing::Held || $this->person === '') {
            return $answer;
        }
        try {
            return $this->atTheGate($bundle, $answer, $until);
        } catch (Untold) {
            return $answer; // what was found holds, whether people can be asked or not
        }
    }

    /** Return what the machine says; throw Untold for anything but a report on these very files. */
    private function judged(Bundle $bundle, float $until): Answer
    {
        $body = ['parts' => $bundle->parts(), 'profile' => $bundle->profile];
        $given = $this->ask('POST', '/v1/reviews', $until, $body);
        while ($given['status'] === 202) {
            $id = $given['json']['id'] ?? null;
            if (!is_string($id) || !preg_match('/^[0-9a-f]{32}$/D', $id)) {
                throw new Untold(words('nonsense'));
            }
            usleep(200_000);
            $given = $this->ask('GET', "/v1/reviews/$id", $until);
        }
        $problem = ['zh' => $given['json']['detail_zh'] ?? '', 'en' => $given['json']['detail'] ?? ''];
        if (in_array($given['status'], self::REFUSED, true)) {
            return new Answer(Standing::Held, words('refused', said($problem)));
        }
        if ($given['status'] !== 200) {
            throw new Untold(words('status', $given['status']));
        }
        if (!hash_equals($bundle->digest(), $given['bundle'])) {
            throw new Untold(words('other-files'));
        }
        $report = $given['json'];
        $isReport = ($report['schema'] ?? null) === 'secreview.report/1' && is_array($report['reports'] ?? null);
        if (!$isReport || ($report['summary']['verdict'] ?? null) !== $given['verdict']) {
            throw new Untold(words('nonsense'));
        }
        return match ($given['verdict']) {
            'clear' => new Answer(Standing::Cleared, words('cleared')),
            'block', 'review', 'incomplete' => new Answer(Standing::Held, words('held'), lines($report['reports'])),
            default => throw new Untold(words('nonsense')),
        };
    }

    /** Return that people have approved what the machine holds, or that it was handed in to them. */
    private function atTheGate(Bundle $bundle, Answer $held, float $until): Answer
    {
        $given = $this->ask('POST', '/v1/gate', $until, ['files' => $bundle->digests()]);
        if ($given['status'] === 204) {
            return new Answer(Standing::Cleared, words('approved'));
        }
        if (!str_ends_with((string) ($given['json']['type'] ?? ''), ':not-reviewed')) {
            return $held;
        }
        $body = ['parts' => $bundle->parts(), 'profile' => $bundle->profile, 'by' => $this->person,
            'form' => ['attribute' => 'active']];
        $made = $this->ask('POST', '/v1/records', $until, $body);
        $record = $made['status'] === 201 ? said($made['json']['id'] ?? '') : '';
        $line = $record === '' ? [] : [words('handed-in', $record)];
        return new Answer(Standing::Held, $held->why, [...$held->lines, ...$line]);
    }

    /**
     * Return what the service answers; throw Untold when it does not, or not in time.
     *
     * @return array{status: int, verdict: string, bundle: string, json: array<mixed>}
     */
    private function ask(string $method, string $path, float $until, ?array $body = null): array
    {
        if ($this->url === '') {
            throw new Untold(words('not-set'));
        }
        $left = $until - microtime(true);
        if ($left <= 0) {
            throw new Untold(words('late'));
        }
        $headers = ['Prefer' => 'wait=' . (int) min(60, $left), 'Content-Type' => 'application/json'];
        if ($this->token !== '') {
            $headers['Authorization'] = "Bearer {$this->token}";
        }
        // The time limit of WordPress starts anew with each byte that comes where PHP has no curl.
        $watch = fn () => microtime(true) > $until ? throw new Untold(words('late')) : null;
        add_action('requests-request.progress', $watch);
        try {
            $answer = wp_remote_request($this->url . $path, [
                'method' => $method,
                'headers' => $headers,
                'body' => $body === null ? null : wp_json_encode($body),
                'timeout' => $left,
                'redirection' => 0,
                'limit_response_size' => self::LARGEST,
            ]);
        } finally {
            remove_action('requests-request.progress', $watch);
        }
        if (is_wp_error($answer)) {
            throw new Untold(words(microtime(true) >= $until ? 'late' : 'unreachable'));
        }
        $json = json_decode(wp_remote_retrieve_body($answer), true);
        return [
            'status' => (int) wp_remote_retrieve_response_code($answer),
            'verdict' => (string) wp_remote_retrieve_header($answer, 'secreview-verdict'),
            'bundle' => (string) wp_remote_retrieve_header($answer, 'secreview-bundle'),
            'json' => is_array($json) ? $json : [],
        ];
    }
}

/**
 * Return a line for each finding and gap of some reports: what, where, masked, and what to do.
 *
 * @return list<string>
 */
function lines(array $reports): array
{
    $lines = [];
    foreach ($reports as $report) {
        foreach ($report['findings'] ?? [] as $finding) {
            if (($finding['severity'] ?? '') !== 'note') {
                $place = said($report['document']['name'] ?? '') . ' ' . said($finding['place']['label'] ?? '');
                $lines[] = words('finding', said($finding['title'] ?? ''), trim($place),
                    said($finding['masked'] ?? ''), said($finding['reason']['suggest'] ?? ''));
            }
        }
        foreach ($report['gaps'] ?? [] as $gap) {
            $lines[] = words('gap', said($gap['part'] ?? ''), said($gap['why'] ?? ''));
        }
    }
    return $lines;
}
