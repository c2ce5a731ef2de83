import { CheckRecord } from './CheckRecord';
import { FailedCheck } from './FailedCheck';
import { UnreadForm } from './UnreadForm';

describe('CheckRecord', () => {
  const outcomeOf = (record: CheckRecord, name: string) =>
    record.checks().find(check => check.name === name);

  it('a check that is switched off is not made, and holds nothing up', () => {
    const record = new CheckRecord(new Set(['signature']));
    let isMade = false;
    record.run('signature', () => {
      isMade = true;
    });
    expect(isMade).toBe(false);
    expect(record.held('signature')).toBe(true);
    expect(outcomeOf(record, 'signature')?.outcome).toBe('not-applicable');
  });

  it('what failed once stays failed, whatever the same check finds later', () => {
    const record = new CheckRecord(new Set());
    record.run('format', () => {
      throw new FailedCheck('evidence-malformed', 'first');
    });
    record.run('format', () => 'a bundle');
    expect(record.failed('format')).toBe(true);
    expect(record.held('format')).toBe(false);
    expect(outcomeOf(record, 'format')).toEqual({
      name: 'format',
      outcome: 'failed',
      finding: { code: 'evidence-malformed', detail: 'first' },
    });
  });

  it('a form that is not read holds up the facts, not the checks after it', () => {
    const record = new CheckRecord(new Set());
    for (const { name } of record.checks()) record.run(name, () => undefined);
    expect(record.allHeld()).toBe(true);
    record.run('signature', () => new UnreadForm('a seal'));
    expect(record.held('signature')).toBe(true);
    expect(record.failed('signature')).toBe(false);
    expect(record.allHeld()).toBe(false);
    expect(record.findings()).toEqual([new UnreadForm('a seal').finding]);
    expect(outcomeOf(record, 'signature')).toEqual({
      name: 'signature',
      outcome: 'failed',
      finding: new UnreadForm('a seal').finding,
    });
  });

  it('an error that nobody foresaw is a finding, and its text is not told', () => {
    const record = new CheckRecord(new Set());
    record.run('format', () => {
      throw new TypeError('out of the evidence');
    });
    expect(record.findings()).toEqual([
      { code: 'evidence-malformed', detail: 'the evidence cannot be read' },
    ]);
  });

  it('a check that nobody made did not hold', () => {
    const record = new CheckRecord(new Set());
    expect(record.allHeld()).toBe(false);
    expect(record.held('limits')).toBe(false);
    expect(outcomeOf(record, 'limits')?.outcome).toBe('not-reached');
    record.run('limits', () => 'not-reached');
    expect(record.held('limits')).toBe(false);
    expect(outcomeOf(record, 'limits')?.outcome).toBe('not-reached');
  });
});
