/** All rows of Q-HOS §4.2 that are mutations of single requests; each runs over every operation it applies to. */
import type { Mutator } from './mutator'
import { noEuis, oneEui } from './mutators/euis'
import { extraMembers, extraParameters, nestedPrototype } from './mutators/extra-members'
import { foreignIdInBody, foreignIdInPath, foreignIdInQuery } from './mutators/foreign-ids'
import { badKeys } from './mutators/idempotency'
import { brokenJson, wrongTypes } from './mutators/json'
import { foreignOrigins, forgedForwarding } from './mutators/origins'
import { paging } from './mutators/paging'
import { crookedPaths, overridingHeaders, trickyIds } from './mutators/paths'
import { badRequestIds } from './mutators/request-ids'
import { sizes } from './mutators/sizes'
import { sqlInBody, sqlInPath, sqlInQuery, sqlInSort } from './mutators/sql'
import { lowerRole, nobody, otherMethod } from './mutators/standing'
import { forgedTokens } from './mutators/tokens'

export const CATALOGUE: readonly Mutator[] = [
  foreignIdInPath,
  foreignIdInQuery,
  foreignIdInBody,
  nobody,
  lowerRole,
  otherMethod,
  extraMembers,
  nestedPrototype,
  extraParameters,
  forgedTokens,
  sqlInQuery,
  sqlInSort,
  sqlInPath,
  sqlInBody,
  brokenJson,
  wrongTypes,
  sizes,
  forgedForwarding,
  foreignOrigins,
  paging,
  badRequestIds,
  noEuis,
  oneEui,
  badKeys,
  trickyIds,
  crookedPaths,
  overridingHeaders,
]
