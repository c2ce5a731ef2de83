import { compilePattern, fillTemplate, templateNames } from './patterns';

const values = { repository: 'acme/checkout' };

describe('a value', () => {
  it('that there is not is never filled in', () => {
    expect(fillTemplate('{{ owner }}', values, false)).toBeUndefined();
    expect(fillTemplate('{{ owner }}', values, true)).toBeUndefined();
    expect(
      fillTemplate('{{ repository }}/{{ owner }}', values, true),
    ).toBeUndefined();
    expect(() => compilePattern('{{ owner }}')).toThrow('an unknown value');
  });

  it('that is not known is not the word for it', () => {
    const matches = compilePattern('https://github\\.com/{{ repository }}/x');
    expect(matches({}, 'https://github.com/undefined/x')).toBe(false);
    expect(matches(values, 'https://github.com/acme/checkout/x')).toBe(true);
  });

  it('is asked for by its name', () => {
    expect(templateNames('a/{{ b }}/{{c}}')).toEqual(['b', 'c']);
    expect(templateNames('a/{b}')).toEqual([]);
  });

  it('is filled in wherever its braces are, with or without spaces', () => {
    for (const written of ['{{repository}}', '{{   repository  }}']) {
      expect(fillTemplate(`x/${written}/y`, values, false)).toBe(
        'x/acme/checkout/y',
      );
    }
  });
});

it('an escaped letter is a class of characters, not the letter', () => {
  const matches = compilePattern('https://acme/\\d');
  expect(matches({}, 'https://acme/5')).toBe(true);
  expect(matches({}, 'https://acme/d')).toBe(false);
});

describe('a repository', () => {
  it.each([
    '',
    'acme',
    '/checkout',
    'acme/',
    'acme/checkout/x',
    'acme/check out',
    'acme/checkout\n',
    ' acme/checkout',
    '.acme/checkout',
    '-acme/checkout',
    'acme/checkout+',
    'ac*me/checkout',
    'acme/{{ x }}',
  ])('is not %j, which is never filled in', repository => {
    expect(fillTemplate('{{ repository }}', { repository }, false)).toBe(
      undefined,
    );
    expect(compilePattern('{{ repository }}')({ repository }, repository)).toBe(
      false,
    );
  });

  it.each(['a/b', 'acme/.github', 'a-1.b_2/c-3.d_4', 'A9/Z0'])(
    'is %j',
    repository => {
      expect(fillTemplate('{{ repository }}', { repository }, false)).toBe(
        repository,
      );
      expect(
        compilePattern('{{ repository }}')({ repository }, repository),
      ).toBe(true);
    },
  );
});
