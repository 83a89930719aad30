/** What a scenario needs cannot be had on this machine; it is then skipped with this reason, not failed. */
export class Unavailable extends Error {
  override name = "Unavailable";
}
