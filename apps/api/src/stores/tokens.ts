/** The read models; an interface, which has no class to be injected by. */
export const READ_MODELS = Symbol('READ_MODELS');

/** The logger of this process. */
export const LOGGER = Symbol('LOGGER');

/** Names this start of the process: each writes streams of its own, of which it is the only writer. */
export const PROCESS_ID = Symbol('PROCESS_ID');
