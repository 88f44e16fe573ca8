/** Every operation that is built; OpenAPI, the routes' test and the hostile catalogue read this one list. */
import { login, logout, me, permissions, refresh, socketTicket } from './auth'
import { discardDeadLetter, getDeadLetter, listDeadLetters, replayDeadLetter } from './dead-letters'
import { getDeviceStats, listDeviceModels, listReadings } from './device-readings'
import { getDevice, listDevices, listDisplays, listSensors } from './devices'
import { docsPage, docsScript, docsStyle, health, liveness, metrics, openApiDocument, problemPage, readiness } from './documents'
import { cancelDownlink, getDownlink, getDownlinkStats, listDownlinks, listFailedDownlinks } from './downlinks'
import { getGateway, getGatewaySummary, listGateways } from './gateways'
import type { Operation } from './operation'
import { endOtherSessions, endSession, listSessions } from './sessions'
import { getAllOccupancy, getSite, getSiteOccupancy, listSites } from './sites'
import { addOverride, clearSuspect, endOverride, endOverrides, replaceOverride, setSpaceState } from './space-commands'
import { explainSpace, spaceHistory, spaceTimeline } from './space-explain'
import { getSpace, getSpaceStates, getSpaceStats, listSpaces } from './spaces'

export const OPERATIONS: readonly Operation[] = [
  login,
  refresh,
  logout,
  me,
  listSessions,
  endSession,
  endOtherSessions,
  permissions,
  socketTicket,
  listSites,
  getSite,
  getSiteOccupancy,
  getAllOccupancy,
  listSpaces,
  getSpace,
  getSpaceStats,
  getSpaceStates,
  setSpaceState,
  addOverride,
  replaceOverride,
  endOverride,
  endOverrides,
  clearSuspect,
  explainSpace,
  spaceHistory,
  spaceTimeline,
  listDevices,
  listSensors,
  listDisplays,
  getDevice,
  listReadings,
  listDeviceModels,
  getDeviceStats,
  listGateways,
  getGateway,
  getGatewaySummary,
  getDownlink,
  listDownlinks,
  cancelDownlink,
  listFailedDownlinks,
  getDownlinkStats,
  listDeadLetters,
  getDeadLetter,
  replayDeadLetter,
  discardDeadLetter,
  health,
  liveness,
  readiness,
  metrics,
  openApiDocument,
  docsPage,
  docsScript,
  docsStyle,
  problemPage,
]
