/** The statuses, worst first, and how an artifact comes by them. */
export function statusesPage(note, findings, statuses) {
  const { ENTITY_STATUSES, describeStatus } = statuses;
  const rows = ENTITY_STATUSES.map(status => {
    const { label, meaning, tone } = describeStatus(status);
    return `| \`${status}\` | ${label} | ${tone} | ${meaning} | ${codesOf(
      status,
      findings,
    )} |`;
  });
  return `${note}

# Statuses

Worst first. The status of an entity is that of its worst artifact in this order; the order is part of the public contract. What depends on this project's answer should look at [findings](findings/README.md), not at the roll-up.

| status | shown as | colour | meaning | findings that lead to it |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

A policy with \`mode: warn\` shows amber instead of red. Where a policy with \`mode: enforce\` covers an artifact without a signature, that is red. A colour never stands alone: every status has an icon and a label of its own. Green is said of one status only; an exception, a signature without a rule and a warning never count as "as expected".

## How an artifact comes by its status

Each [trust policy](trust-policy.md) that covers the artifact is applied by itself; the worst result speaks, for all of them must pass. Under one policy, the first of these that applies decides:

1. **Some evidence satisfies it.** One authority of the policy made all that it asks for: \`expected-signer\`. Whatever else lies beside it, broken or by somebody else, is a notice and changes nothing.
2. **A source did not answer**, refused, or holds more than is read: \`could-not-check\`. The signature that is missing may be there. The last known result stands beside it. Where trust is withdrawn from what was found, that is known and decides instead, so that a stolen identity is red everywhere at once; the same goes for 3.
3. **Evidence waits to be verified again**, because a trusted root, a key or the verification changed: \`stale\`. Results from before the change support no answer.
4. **Evidence is there and does not satisfy it.** What is wrong with it decides: it contradicts itself or the artifact, somebody else made it, trust in it was withdrawn, it was made at the wrong time or under an unknown authority, or something is missing.
5. **Nothing is there.** \`no-signature\`, or \`unsupported-format\` where there is something that is not read.

Where it is not known whether a policy covers the artifact, because it selects by what is not known of the entity, nothing better than \`could-not-check\` comes out ([\`entity-unknown\`](findings/entity-unknown.md)): the policy that may apply may be the strict one. What is worse stays.

Where no policy covers the artifact, the built-in rule \`same-repository\` stands in for an entity whose repository on GitHub is known; it only warns. Without that, evidence that holds gives \`no-policy\`.

What is not known is never green and never red. Evidence that is known only from the search of a log never makes red: anybody can log any digest.

## What was there before

Two things that lie in the past turn 4 and 5 into \`signature-lost\`, where that is worse:

- Evidence for **this very digest** was here, would satisfy the policy, and every source answers that it is gone ([\`evidence-gone\`](findings/evidence-gone.md)). The bundle itself is still stored here and can be downloaded.
- An **earlier artifact of the same line** was signed as expected, and this one has nothing, or lacks a statement that the policy asks for and that the earlier one had ([\`weaker-than-before\`](findings/weaker-than-before.md)). A line is what the same entity declares, of the same kind, under the same name without tag, version and digest.

A third changes a word: evidence that held under an earlier version of its trusted root, and fails only because its authority is no longer in it, says so ([\`authority-withdrawn\`](findings/authority-withdrawn.md)).

## Exceptions

A policy can carry an exception: a last day, an owner and a reason. Until the end of that day (UTC) it turns five statuses of that policy into \`exempt\`: \`no-signature\`, \`evidence-incomplete\`, \`unsupported-format\`, \`unknown-authority\` and \`outside-validity\`. What it covers stays visible as a notice.

It never covers evidence that contradicts itself, another signer or a lost signature, nor what could not be checked: those are not what somebody accepted. It never covers an artifact that was signed before, or one of whose line was signed as expected; whoever takes a signature away must not find the door open, and a stranger who signs an old artifact must not close it. The day after the last, the artifact is judged again by itself.

## Age

A policy with \`maxAge\` wants an answer that is not older. The age counts from when every source had answered last, not from when the artifact was looked at last. Over it, what would be \`expected-signer\`, \`no-policy\`, \`exempt\` or \`pending\` becomes \`stale\` ([\`result-too-old\`](findings/result-too-old.md)). What was worse stays: it was found, and nobody has seen it mended.

## When it changes

A verdict is stored when something in it changes, with the time, the findings and the policies. It is judged again without asking anybody when policies change, when trust is withdrawn, when an exception or an age ends; it is verified again when a trusted root or the verification changes; and sources are asked again at intervals, or at once with "check again".
`;
}

function codesOf(status, { FINDING_CODES, statusOfFinding }) {
  const codes = FINDING_CODES.filter(code => statusOfFinding(code) === status);
  return codes.map(code => `[\`${code}\`](findings/${code}.md)`).join(', ');
}
