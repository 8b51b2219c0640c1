/** Under which the read models are injected; they are an interface and have no class of their own. */
export const READ_MODELS = Symbol('READ_MODELS');
