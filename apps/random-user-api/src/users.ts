import { createHash } from "node:crypto";
import { transliterate } from "transliteration";
import { BY_NAT, type Nationality, randomizer } from "./nationalities";
import { password } from "./password";
import type { UserQuery } from "./query";
import type { User } from "./record";
import { TIMEZONES } from "./timezones";

/** Dates are drawn between fixed days: relative to the clock a seed would not give the same users tomorrow. */
const OLDEST_BIRTH = Date.UTC(1944, 7, 25);
const YOUNGEST_BIRTH = Date.UTC(2001, 4, 28);
const FIRST_REGISTRATION = Date.UTC(2002, 2, 21);
const LAST_REGISTRATION = Date.UTC(2022, 4, 23);

/** The portraits that exist at {@link PORTRAITS}, numbered from 0. */
const PORTRAIT_COUNT = { male: 100, female: 97 };
const PORTRAITS = "https://randomuser.me/api/portraits";

/** User names and passwords are English in every nationality, as the API's are. */
const english = BY_NAT.US.faker;

/** The users of one page: the same for the same query, apart from their ages. */
export function generateUsers(query: UserQuery): Partial<User>[] {
  const digest = createHash("sha256").update(`${query.seed}\n${query.page}`).digest();
  randomizer.seed(Array.from({ length: 8 }, (_, i) => digest.readUInt32LE(4 * i)));
  const now = new Date();
  return Array.from({ length: query.results }, () => pick(generateUser(query, now), query.fields));
}

function pick<K extends keyof User>(user: User, fields: readonly K[]): Partial<User> {
  return Object.fromEntries(fields.map((field) => [field, user[field]]));
}

function generateUser(query: UserQuery, now: Date): User {
  const nat = item(query.nats);
  const nationality = BY_NAT[nat];
  const { faker } = nationality;
  const gender = query.gender ?? item(["male", "female"]);
  const first = faker.person.firstName(gender);
  const last = faker.person.lastName(gender);
  return {
    gender,
    name: { title: gender === "male" ? "Mr" : item(["Miss", "Mrs", "Ms"]), first, last },
    location: location(nationality),
    email: `${transliterate(`${first}.${last}`).replaceAll(" ", "").toLowerCase()}@example.com`,
    login: login(query),
    dob: dateBetween(OLDEST_BIRTH, YOUNGEST_BIRTH, now),
    registered: dateBetween(FIRST_REGISTRATION, LAST_REGISTRATION, now),
    phone: faker.helpers.fromRegExp(nationality.phone),
    cell: faker.helpers.fromRegExp(nationality.cell),
    id: {
      name: nationality.id?.name ?? "",
      value: nationality.id && faker.helpers.fromRegExp(nationality.id.value),
    },
    picture: picture(gender),
    nat,
  };
}

function location({ faker, country, numericPostcode, postcode, states }: Nationality): User["location"] {
  const code = faker.helpers.fromRegExp(postcode);
  return {
    street: { number: integer(1, 9999), name: faker.location.street() },
    city: faker.location.city(),
    state: states ? item(states) : faker.location.state(),
    country,
    postcode: numericPostcode ? Number(code) : code,
    coordinates: {
      latitude: faker.location.latitude().toFixed(4),
      longitude: faker.location.longitude().toFixed(4),
    },
    timezone: item(TIMEZONES),
  };
}

function login(query: UserQuery): User["login"] {
  const secret = password(english, query.password);
  const salt = english.string.alphanumeric(8);
  const hash = (algorithm: string) =>
    createHash(algorithm)
      .update(secret + salt)
      .digest("hex");
  return {
    uuid: english.string.uuid(),
    username: username(),
    password: secret,
    salt,
    md5: hash("md5"),
    sha1: hash("sha1"),
    sha256: hash("sha256"),
  };
}

function username(): string {
  const words = `${english.color.human()}${english.animal.type()}`.replace(/[^a-z]/gi, "").toLowerCase();
  return `${words}${integer(100, 999)}`;
}

function picture(gender: User["gender"]): User["picture"] {
  const file = `${gender === "male" ? "men" : "women"}/${integer(0, PORTRAIT_COUNT[gender] - 1)}.jpg`;
  return {
    large: `${PORTRAITS}/${file}`,
    medium: `${PORTRAITS}/med/${file}`,
    thumbnail: `${PORTRAITS}/thumb/${file}`,
  };
}

function dateBetween(from: number, to: number, now: Date): { date: string; age: number } {
  const date = new Date(integer(from, to));
  return { date: date.toISOString(), age: fullYears(date, now) };
}

/** Full years between two moments, in UTC. */
export function fullYears(from: Date, to: Date): number {
  const years = to.getUTCFullYear() - from.getUTCFullYear();
  const anniversary = new Date(from);
  anniversary.setUTCFullYear(from.getUTCFullYear() + years);
  return anniversary > to ? years - 1 : years;
}

function integer(min: number, max: number): number {
  return min + Math.floor(randomizer.next() * (max - min + 1));
}

function item<T>(items: readonly T[]): T {
  return items[integer(0, items.length - 1)] as T;
}
