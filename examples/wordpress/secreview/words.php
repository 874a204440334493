<?php
/** Every message, in Chinese and English. */

declare(strict_types=1);

namespace Secreview;

const WORDS = [
    'cleared' => ['审查通过', 'cleared'],
    'approved' => ['已由审查人员批准公开', 'people have approved it'],
    'held' => ['保密审查未通过，没有发布：', 'Held by the review, not published:'],
    'refused' => ['审查服务拒收，没有发布：%s', 'The review refused it, not published: %s'],
    'unfit' => ['附件 %s 无法送审（已丢失或过大），没有发布', 'Attachment %s cannot be handed in (gone, or too large), not published'],
    'unknown' => ['审查没有完成（%s），没有发布。请稍后重新发布', 'The review was not done (%s), not published. Publish again later'],
    'opened' => ['审查没有完成（%s）；按本栏目规定先行发布，已经记录，必须补审', 'The review was not done (%s); this column lets it out, which was noted. It has to be reviewed'],
    'not-noted' => ['审查没有完成，先行发布又无法记录，没有发布', 'The review was not done and going out could not be noted: not published'],
    'handed-in' => ['已送交人工审查，记录 %s。批准后请重新发布', 'Handed in to people as record %s. Publish again once it is approved'],
    'openings' => ['%d 项内容未经审查先行发布，请补审后从清单中删除：%s', '%d items went out unreviewed; have them reviewed, then delete them from the list: %s'],
    'openings-title' => ['未审先发清单', 'Went out unreviewed'],
    'not-set' => ['没有设置审查服务', 'no service is set'],
    'unreachable' => ['连接不上', 'cannot be reached'],
    'late' => ['超时', 'too late'],
    'status' => ['答复 %d', 'answer %d'],
    'nonsense' => ['答复无法理解', 'the answer makes no sense'],
    'other-files' => ['答复的不是这些内容', 'the answer is about other files'],
    'finding' => ['%1$s：%2$s，%3$s。%4$s', '%1$s: %2$s, %3$s. %4$s'],
    'gap' => ['没有查全：%s（%s）', 'Not read: %s (%s)'],
];

function isChinese(): bool
{
    return str_starts_with(get_user_locale(), 'zh');
}

function words(string $key, string|int ...$values): string
{
    return vsprintf(WORDS[$key][isChinese() ? 0 : 1], $values);
}

/** Return the words of a message that the service gives in both languages. */
function said(mixed $both): string
{
    $text = is_array($both) ? ($both[isChinese() ? 'zh' : 'en'] ?? '') : $both;
    return is_string($text) ? $text : '';
}
