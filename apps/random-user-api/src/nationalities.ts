import {
  base,
  da,
  de,
  de_CH,
  en,
  en_AU,
  en_CA,
  en_GB,
  en_IE,
  en_IN,
  en_US,
  es,
  es_MX,
  fa,
  Faker,
  fi,
  fr,
  generateMersenne53Randomizer,
  type LocaleDefinition,
  nb_NO,
  nl,
  pt_BR,
  sr_RS_latin,
  tr,
  uk,
} from "@faker-js/faker";

/** The nationalities of the API's version 1.4, ISO 3166-1 alpha-2. */
export const NATIONALITIES = [
  "AU",
  "BR",
  "CA",
  "CH",
  "DE",
  "DK",
  "ES",
  "FI",
  "FR",
  "GB",
  "IE",
  "IN",
  "IR",
  "MX",
  "NL",
  "NO",
  "NZ",
  "RS",
  "TR",
  "UA",
  "US",
] as const;

/** One of {@link NATIONALITIES}. */
export type Nat = (typeof NATIONALITIES)[number];

/** Whether `text` is a nationality the API knows (upper case). */
export function isNat(text: string): text is Nat {
  return (NATIONALITIES as readonly string[]).includes(text);
}

/**
 * What differs between nationalities. `postcode`, `phone`, `cell` and `id.value` are regular expressions
 * for `faker.helpers.fromRegExp` (character classes and counts only).
 */
export interface Nationality {
  /** Name of the country in English, as the API writes it. */
  country: string;
  /** Data of the locale; English where a locale has none. */
  faker: Faker;
  /** The API gives most postcodes as numbers, some as text: `true` where it gives a number. */
  numericPostcode: boolean;
  postcode: string;
  phone: string;
  cell: string;
  /** The national identity number; `null` where the API gives none. Well formed, without valid check digits. */
  id: { name: string; value: string } | null;
  /** Regions, where the locale has none (faker would answer with American states). */
  states?: readonly string[];
}

/** The one source of randomness of all locales: seeding it makes every record that follows reproducible. */
export const randomizer = generateMersenne53Randomizer();

function faker(...locale: LocaleDefinition[]): Faker {
  return new Faker({ locale: [...locale, en, base], randomizer });
}

/** The nationalities' data by code. */
export const BY_NAT: Record<Nat, Nationality> = {
  AU: {
    country: "Australia",
    faker: faker(en_AU),
    numericPostcode: true,
    postcode: "[1-9][0-9]{3}",
    phone: "0[0-9]-[0-9]{4}-[0-9]{4}",
    cell: "04[0-9]{2}-[0-9]{3}-[0-9]{3}",
    id: { name: "TFN", value: "[0-9]{9}" },
  },
  BR: {
    country: "Brazil",
    faker: faker(pt_BR),
    numericPostcode: true,
    postcode: "[1-9][0-9]{4}",
    phone: "[(][1-9][0-9][)] [2-5][0-9]{3}-[0-9]{4}",
    cell: "[(][1-9][0-9][)] 9[0-9]{3}-[0-9]{4}",
    id: { name: "CPF", value: "[0-9]{3}[.][0-9]{3}[.][0-9]{3}-[0-9]{2}" },
  },
  CA: {
    country: "Canada",
    faker: faker(en_CA),
    numericPostcode: false,
    postcode: "[A-Z][0-9][A-Z] [0-9][A-Z][0-9]",
    phone: "[A-Z][0-9]{2} [A-Z][0-9]{2}-[0-9]{4}",
    cell: "[A-Z][0-9]{2} [A-Z][0-9]{2}-[0-9]{4}",
    id: { name: "SIN", value: "[0-9]{9}" },
  },
  CH: {
    country: "Switzerland",
    faker: faker(de_CH),
    numericPostcode: true,
    postcode: "[1-9][0-9]{3}",
    phone: "07[5-9] [0-9]{3} [0-9]{2} [0-9]{2}",
    cell: "07[5-9] [0-9]{3} [0-9]{2} [0-9]{2}",
    id: { name: "AVS", value: "756[.][0-9]{4}[.][0-9]{4}[.][0-9]{2}" },
  },
  DE: {
    country: "Germany",
    faker: faker(de),
    numericPostcode: true,
    postcode: "[1-9][0-9]{4}",
    phone: "0[0-9]{3}-[0-9]{7}",
    cell: "017[0-9]-[0-9]{7}",
    id: { name: "SVNR", value: "[1-8][0-9] [0-2][1-8]0[1-9][4-9][0-9] [A-Z] [0-9]{3}" },
  },
  DK: {
    country: "Denmark",
    faker: faker(da),
    numericPostcode: true,
    postcode: "[1-9][0-9]{3}",
    phone: "[2-9][0-9]{7}",
    cell: "[2-9][0-9]{7}",
    id: { name: "CPR", value: "[0-2][1-8]0[1-9][4-9][0-9]-[0-9]{4}" },
    states: ["Hovedstaden", "Midtjylland", "Nordjylland", "Sjælland", "Syddanmark"],
  },
  ES: {
    country: "Spain",
    faker: faker(es),
    numericPostcode: true,
    postcode: "[1-4][0-9]{4}",
    phone: "9[0-9]{2}-[0-9]{3}-[0-9]{3}",
    cell: "6[0-9]{2}-[0-9]{3}-[0-9]{3}",
    id: { name: "DNI", value: "[0-9]{8}-[A-Z]" },
  },
  FI: {
    country: "Finland",
    faker: faker(fi),
    numericPostcode: true,
    postcode: "[1-9][0-9]{4}",
    phone: "0[2-9]-[0-9]{3}-[0-9]{3}",
    cell: "04[0-9]-[0-9]{3}-[0-9]{2}-[0-9]{2}",
    id: { name: "HETU", value: "[0-2][1-8]0[1-9][4-9][0-9]-[0-9]{3}[0-9A-Y]" },
  },
  FR: {
    country: "France",
    faker: faker(fr),
    numericPostcode: true,
    postcode: "[1-9][0-9]{4}",
    phone: "0[1-5]-[0-9]{2}-[0-9]{2}-[0-9]{2}-[0-9]{2}",
    cell: "06-[0-9]{2}-[0-9]{2}-[0-9]{2}-[0-9]{2}",
    id: { name: "INSEE", value: "[12][0-9]{2}0[1-9][0-9]{8} [0-9]{2}" },
  },
  GB: {
    country: "United Kingdom",
    faker: faker(en_GB),
    numericPostcode: false,
    postcode: "[A-Z]{1,2}[1-9][0-9]? [0-9][A-Z]{2}",
    phone: "01[0-9]{3} [0-9]{6}",
    cell: "07[0-9]{3} [0-9]{6}",
    id: { name: "NINO", value: "[A-CEGHJ-PR-TW-Z]{2} [0-9]{2} [0-9]{2} [0-9]{2} [A-D]" },
  },
  IE: {
    country: "Ireland",
    faker: faker(en_IE),
    numericPostcode: true,
    postcode: "[1-9][0-9]{4}",
    phone: "0[1-9]{2}-[0-9]{3}-[0-9]{4}",
    cell: "081-[0-9]{3}-[0-9]{4}",
    id: { name: "PPS", value: "[0-9]{7}T[A-W]" },
    states: en_IE.location?.county ?? [],
  },
  IN: {
    country: "India",
    faker: faker(en_IN),
    numericPostcode: true,
    postcode: "[1-8][0-9]{5}",
    phone: "[7-9][0-9]{9}",
    cell: "[7-9][0-9]{9}",
    id: { name: "UIDAI", value: "[2-9][0-9]{11}" },
  },
  IR: {
    country: "Iran",
    faker: faker(fa),
    numericPostcode: true,
    postcode: "[1-9][0-9]{4}",
    phone: "0[1-9]{2}-[0-9]{8}",
    cell: "09[0-9]{2}-[0-9]{3}-[0-9]{4}",
    id: null,
  },
  MX: {
    country: "Mexico",
    faker: faker(es_MX),
    numericPostcode: true,
    postcode: "[1-9][0-9]{4}",
    phone: "[(][2-9][0-9]{2}[)] [0-9]{3} [0-9]{4}",
    cell: "[(][2-9][0-9]{2}[)] [0-9]{3} [0-9]{4}",
    id: { name: "NSS", value: "[0-9]{2} [0-9]{2} [0-9]{2} [0-9]{4} [0-9]" },
  },
  NL: {
    country: "Netherlands",
    faker: faker(nl),
    numericPostcode: false,
    postcode: "[1-9][0-9]{3} [A-Z]{2}",
    phone: "[(]0[1-9]{2}[)] [0-9]{7}",
    cell: "[(]06[)] [0-9]{8}",
    id: { name: "BSN", value: "[0-9]{8}" },
  },
  NO: {
    country: "Norway",
    faker: faker(nb_NO),
    numericPostcode: false,
    postcode: "[0-9]{4}",
    phone: "[2-8][0-9]{7}",
    cell: "[49][0-9]{7}",
    id: { name: "FN", value: "[0-2][1-8]0[1-9][4-9][0-9]{6}" },
    states: [
      "Agder",
      "Akershus",
      "Buskerud",
      "Finnmark",
      "Innlandet",
      "Møre og Romsdal",
      "Nordland",
      "Oslo",
      "Rogaland",
      "Telemark",
      "Troms",
      "Trøndelag",
      "Vestfold",
      "Vestland",
      "Østfold",
    ],
  },
  NZ: {
    country: "New Zealand",
    faker: faker(en_AU),
    numericPostcode: true,
    postcode: "[1-9][0-9]{4}",
    phone: "[(][0-9]{3}[)]-[0-9]{3}-[0-9]{4}",
    cell: "[(]02[0-9][)]-[0-9]{3}-[0-9]{4}",
    id: null,
    states: [
      "Auckland",
      "Bay of Plenty",
      "Canterbury",
      "Gisborne",
      "Hawke's Bay",
      "Manawatu-Wanganui",
      "Marlborough",
      "Nelson",
      "Northland",
      "Otago",
      "Southland",
      "Taranaki",
      "Tasman",
      "Waikato",
      "Wellington",
      "West Coast",
    ],
  },
  RS: {
    country: "Serbia",
    faker: faker(sr_RS_latin),
    numericPostcode: true,
    postcode: "[1-9][0-9]{4}",
    phone: "0[1-3][0-9]-[0-9]{4}-[0-9]{3}",
    cell: "06[0-9]-[0-9]{4}-[0-9]{3}",
    id: { name: "SID", value: "[0-9]{9}" },
  },
  TR: {
    country: "Turkey",
    faker: faker(tr),
    numericPostcode: true,
    postcode: "[1-8][0-9]{4}",
    phone: "[(][2-4][0-9]{2}[)]-[0-9]{3}-[0-9]{4}",
    cell: "[(]5[0-9]{2}[)]-[0-9]{3}-[0-9]{4}",
    id: null,
  },
  UA: {
    country: "Ukraine",
    faker: faker(uk),
    numericPostcode: true,
    postcode: "[1-9][0-9]{4}",
    phone: "[(]0[3-9][0-9][)] [A-Z][0-9]{2}-[0-9]{4}",
    cell: "[(]0[3-9][0-9][)] [A-Z][0-9]{2}-[0-9]{4}",
    id: null,
  },
  US: {
    country: "United States",
    faker: faker(en_US),
    numericPostcode: true,
    postcode: "[1-9][0-9]{4}",
    phone: "[(][2-9][0-9]{2}[)] [2-9][0-9]{2}-[0-9]{4}",
    cell: "[(][2-9][0-9]{2}[)] [2-9][0-9]{2}-[0-9]{4}",
    id: { name: "SSN", value: "[1-8][0-9]{2}-[1-9][0-9]-[1-9][0-9]{3}" },
  },
};
