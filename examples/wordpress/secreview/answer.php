<?php
/** What was said of something that is to go live. */

declare(strict_types=1);

namespace Secreview;

enum Standing: string
{
    case Cleared = 'cleared'; // it may go live
    case Held = 'held';       // it may not
    case Unknown = 'unknown'; // nobody can tell
    case Opened = 'opened';   // nobody could tell; it goes live, and that was noted

    public function goesOut(): bool
    {
        return $this === self::Cleared || $this === self::Opened;
    }
}

/** How something stands, why, and masked lines that say what was found, where, and what to do. */
final readonly class Answer
{
    /** @param list<string> $lines */
    public function __construct(public Standing $standing, public string $why, public array $lines = [])
    {
    }

    public function text(): string
    {
        return implode("\n", [$this->why, ...$this->lines]);
    }
}

/** Nobody can tell: the service is down, late, or talks nonsense. */
final class Untold extends \RuntimeException
{
}

/** What is to go live cannot be handed in: an attachment that is gone, or too large. */
final class Unfit extends \RuntimeException
{
}
