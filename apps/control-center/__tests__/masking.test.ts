import { isPersonal, MASK, masked } from "../src/messages/masking";

describe("isPersonal", () => {
  it.each([
    "first_name",
    "firstName",
    "FIRST-NAME",
    "e-mail",
    "email",
    "post_code",
    "postCode",
    "dob",
    "picture",
    "phone",
  ])("says yes to %s", (field) => {
    expect(isPersonal(field)).toBe(true);
  });

  it.each([
    "id",
    "version",
    "staged_at",
    "country_code",
    "gender",
    "age_group",
    "nationality",
    "telephone_count",
  ])("says no to %s", (field) => {
    expect(isPersonal(field)).toBe(false);
  });
});

describe("masked", () => {
  it("replaces personal values, whatever their type, and counts them", () => {
    expect(masked({ id: "u1", first_name: "Ada", dob: -4861987200000, version: 7 })).toEqual({
      value: { id: "u1", first_name: MASK, dob: MASK, version: 7 },
      masked: 2,
    });
  });

  it("reaches into everything below a personal field", () => {
    const user = { login: { uuid: "x", tags: ["a", "b"] }, rows: [{ email: "a@b" }] };
    expect(masked(user)).toEqual({
      value: { login: { uuid: MASK, tags: [MASK, MASK] }, rows: [{ email: MASK }] },
      masked: 4,
    });
  });

  it("keeps null: that a value is missing is nobody's secret", () => {
    expect(masked({ email: null, phone: undefined })).toEqual({
      value: { email: null, phone: undefined },
      masked: 0,
    });
  });

  it("says nothing about the length of a value", () => {
    expect(masked({ email: "" }).value).toEqual(masked({ email: "a".repeat(100) }).value);
  });

  it("leaves what has no fields alone", () => {
    expect(masked("plain")).toEqual({ value: "plain", masked: 0 });
    expect(masked(null)).toEqual({ value: null, masked: 0 });
  });
});
