import { fullYears } from "../src/users";

const years = (from: string, to: string) => fullYears(new Date(from), new Date(to));

describe("full years", () => {
  it("turn on the anniversary, to the moment", () => {
    expect(years("1990-06-15T12:00:00Z", "2020-06-15T11:59:59Z")).toBe(29);
    expect(years("1990-06-15T12:00:00Z", "2020-06-15T12:00:00Z")).toBe(30);
    expect(years("1990-12-31T00:00:00Z", "2020-01-01T00:00:00Z")).toBe(29);
  });

  it("of one born on 29 February turn on 1 March", () => {
    expect(years("2000-02-29T00:00:00Z", "2021-02-28T23:59:59Z")).toBe(20);
    expect(years("2000-02-29T00:00:00Z", "2021-03-01T00:00:00Z")).toBe(21);
  });
});
