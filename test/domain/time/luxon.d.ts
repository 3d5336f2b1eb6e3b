/** The little of luxon that the tests use; the package brings no types of its own. */
declare module "luxon" {
  export class IANAZone {
    static create(name: string): IANAZone;
    /** Minutes ahead of UTC at an instant in milliseconds; a fraction for the local mean times of old. */
    offset(instant: number): number;
  }
}
