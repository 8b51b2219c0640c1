/** Something that the operator can mend; the message says what. */
export class Fault extends Error {
  /**
   * @param {string} message
   * @param {boolean} passing whether it may pass by itself while a server starts
   */
  constructor(message, passing = false) {
    super(message);
    this.name = 'Fault';
    this.passing = passing;
  }
}
