import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { BearerKeyGuard } from './bearer-key.guard.js';
import { BEARER_KEY_OPTIONS } from './bearer-key.options.js';
import type { BearerKeyOptions } from './bearer-key.options.js';
import { KeyVerifier } from './key-verifier.js';

/** Brings `BearerKeyGuard` to a NestJS service: imported once, at the root. */
@Module({})
export class BearerKeyModule {
  /** @throws TypeError for an address that is none, or without a key */
  static forRoot(options: BearerKeyOptions): DynamicModule {
    return {
      module: BearerKeyModule,
      global: true,
      providers: [
        { provide: BEARER_KEY_OPTIONS, useValue: options },
        { provide: KeyVerifier, useValue: new KeyVerifier(options) },
        BearerKeyGuard,
      ],
      exports: [BearerKeyGuard, KeyVerifier],
    };
  }
}
