import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

type Environment = Readonly<Record<string, string | undefined>>;

/** All faults of a configuration, one line each. */
export class ConfigurationError extends Error {
  readonly code = 'invalid_configuration';

  constructor(readonly faults: readonly string[]) {
    super(`Keytrail cannot start: ${faults.join('; ')}.`);
    this.name = 'ConfigurationError';
  }
}

/**
 * Reads the environment into a typed object. The properties of the class are the names of the
 * variables; an empty variable counts as unset, so that its default applies.
 *
 * @throws ConfigurationError with every fault at once
 */
export function loadConfig<Config extends object>(
  shape: new () => Config,
  env: Environment = process.env,
): Config {
  const known = Object.keys(new shape());
  const given = Object.fromEntries(
    known.map((name) => [name, env[name]] as const).filter(([, value]) => (value ?? '') !== ''),
  );
  const config = plainToInstance(shape, given, { exposeDefaultValues: true });
  const faults = validateSync(config, { forbidUnknownValues: false }).flatMap(({ constraints }) =>
    Object.values(constraints ?? {}).slice(0, 1),
  );
  if (faults.length > 0) throw new ConfigurationError(faults);
  return config;
}
