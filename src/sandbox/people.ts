/** One simulated person, and what each simulated vendor holds about them. Null: that vendor holds nothing. */
export interface Person {
  number: number;
  name: string;
  email: string;
  /** Manager id, or null when nobody manages this person. */
  manager: string | null;
  testCustomer: boolean;
  particle: { id: string; deviceIds: string[] } | null;
  engagelab: { registrationId: string; alias: string; tags: string[] } | null;
  learn: { id: string; ref: string } | null;
  vpn: { userId: string; activeSubscription: boolean } | null;
  onelogin: { id: number; apps: string[] } | null;
}

/** The managers of the simulated company: `alpine` at the top, `glacier` and `meadow` below it. */
export const MANAGERS = [
  { id: 'alpine', parentId: null, name: 'Alpine Resellers' },
  { id: 'glacier', parentId: 'alpine', name: 'Glacier Partners' },
  { id: 'meadow', parentId: 'alpine', name: 'Meadow Partners' },
] as const;

const FIRST = [
  'Ada',
  'Ben',
  'Chloé',
  'Dmitri',
  'Edith',
  'Farid',
  'Grace',
  'Hugo',
  'Inês',
  'Jun',
  'Katya',
  'Liam',
];
const LAST = [
  'Abel',
  'Brandt',
  'Costa',
  'Duarte',
  'Engel',
  'Fischer',
  'Gallo',
  'Haddad',
  'Ibsen',
  'Jansen',
  'Kaya',
];
const MANAGER_OF = ['alpine', 'glacier', 'meadow', 'glacier', 'meadow', null] as const;

/** Refs come from HR systems as free text; a few of them carry the characters that break careless URLs. */
const ODD_REFS = ['HR/EMEA 7', 'a+b@example.com', '50%', 'Zoë'];

const hex = (prefix: string, number: number, length: number): string =>
  prefix + number.toString(16).padStart(length - prefix.length, '0');

const ascii = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase();

/** Person number 1 has an account everywhere and three claimed devices; number 2 an active VPN subscription. */
function person(number: number): Person {
  const first = FIRST[number % FIRST.length]!;
  const last = LAST[Math.floor(number / FIRST.length) % LAST.length]!;
  const everywhere = number <= 2;
  const absentAt = (modulus: number): boolean => !everywhere && number % modulus === modulus - 1;
  const deviceCount = number === 1 ? 3 : number % 7 === 0 ? (number % 3) + 1 : 0;
  return {
    number,
    name: `${first} ${last}`,
    email: `${ascii(first)}.${ascii(last)}.${number}@example.com`,
    manager: number === 1 ? 'glacier' : MANAGER_OF[number % MANAGER_OF.length]!,
    testCustomer: number % 20 === 19,
    particle: absentAt(11)
      ? null
      : {
          id: hex('5c', number, 24),
          deviceIds: Array.from({ length: deviceCount }, (_, i) => hex('e00f', number * 10 + i, 24)),
        },
    engagelab: absentAt(9)
      ? null
      : {
          registrationId: hex('18', number, 19),
          alias: `user_${number}`,
          tags: number % 2 ? ['vip', 'beta'] : ['newsletter'],
        },
    learn: absentAt(12)
      ? null
      : {
          id: hex('6467', number, 24),
          ref: (number % 50 === 3 && ODD_REFS[(number - 3) / 50]) || `EMP-${String(number).padStart(5, '0')}`,
        },
    vpn: absentAt(10) ? null : { userId: `user${number}`, activeSubscription: number === 2 },
    onelogin: absentAt(13) ? null : { id: 100_000 + number, apps: number % 3 ? ['Mail', 'Wiki'] : ['Mail'] },
  };
}

/** The simulated population, the same at every start. */
export const people = (count = 520): Person[] => Array.from({ length: count }, (_, i) => person(i + 1));
