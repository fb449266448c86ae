import { ago, token, withText, type Rows } from './issuer.ts';
import { wrong } from './wrong.ts';

const wrongText = (name: string, texts: string[]): Rows =>
  texts.map((text) => [`${name} ${text}`, () => withText(name, text)]);

/** The times are missing, are none, or are over or to come. */
export const times: Rows = [
  ...wrong('exp', [
    undefined,
    null,
    '',
    `${ago(0) + 60}`,
    '9e9',
    -1,
    0,
    true,
    [ago(0) + 60],
    {},
    ago(10),
    ago(10.5),
  ]),
  ...wrongText('exp', ['1e400', '-1e400', '1e308', '253402300800', 'NaN', 'Infinity', '0x7fffffff', '01']),
  ...wrong('nbf', [null, '', `${ago(60)}`, true, [ago(60)], {}, ago(-600), ago(-600.5), -1]),
  ...wrongText('nbf', ['1e400', 'NaN']),
  ...wrong('iat', [
    undefined,
    null,
    '',
    `${ago(1)}`,
    -1,
    0,
    true,
    [ago(1)],
    ago(-600),
    ago(90_000),
    ago(-600.5),
  ]),
  ...wrongText('iat', ['1e400', '-1e400', 'NaN']),
  [
    'a token that lives long and was issued long ago',
    () => token({}, { iat: ago(90_000), exp: ago(-900_000) }),
  ],
];
