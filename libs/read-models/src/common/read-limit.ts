/**
 * How long the database may look for the answer of one read, in milliseconds. What is served by an index
 * takes some; what has to look at much, such as a search in the names of many keys, is ended then, so that
 * it does not hold up others (error 50, `isTooLong` of the projections).
 */
export const readLimit = { maxTimeMS: 5_000 } as const;
