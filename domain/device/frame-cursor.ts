/** Where a device's stream of frames stands (DOM-921, `sensor_debounce_state`), and how a frame moves it. Pure: a new cursor each time. */
import type { Instant } from '../shared/instant'

export interface FrameCursor {
  readonly devAddr: string | null
  /** At most three, the latest first. */
  readonly formerDevAddrs: readonly string[]
  /** What the last `join` said the next session's address will be (DOM-923). */
  readonly announcedDevAddr: string | null
  readonly fCnt: number | null
  /** `deduplicationId` of at most the last 16 frames, the latest last. */
  readonly recentDedup: readonly string[]
  /** Network time of the newest fresh frame that its codec accepted; freshness runs from here (DOM-230). */
  readonly lastHeardAt: Instant | null
}

export interface Frame {
  /** Null in bodies that were decoded elsewhere. */
  readonly devAddr: string | null
  readonly fCnt: number | null
  readonly deduplicationId: string | null
  readonly heardAt: Instant
  /** False when `heardAt` is only our own clock at receipt (DOM-920). */
  readonly hasNetworkTime: boolean
  /** The device's frame counter is not to be trusted (`skip_fcnt_check`): order by time alone. */
  readonly skipsFcntCheck: boolean
  /** A row with this frame's identity exists. Who learns that only at the insert says false and counts the conflict as a repeat. */
  readonly isStored: boolean
  /** The codec accepted it, or it carries no payload; a rejected frame moves the counter and is not *heard* (DOM-905). */
  readonly isAccepted: boolean
}

const REMEMBERED_FRAMES = 16
const REMEMBERED_SESSIONS = 3

export const NEW_CURSOR: FrameCursor = {
  devAddr: null,
  formerDevAddrs: [],
  announcedDevAddr: null,
  fCnt: null,
  recentDedup: [],
  lastHeardAt: null,
}

/** The cursor after a fresh frame. */
export function advanceCursor(cursor: FrameCursor, frame: Frame): FrameCursor {
  const devAddr = frame.devAddr ?? cursor.devAddr
  const isNewSession = devAddr !== cursor.devAddr
  return {
    devAddr,
    formerDevAddrs: isNewSession ? retire(cursor, devAddr) : cursor.formerDevAddrs,
    announcedDevAddr: cursor.announcedDevAddr === devAddr ? null : cursor.announcedDevAddr,
    fCnt: frame.fCnt ?? (isNewSession ? null : cursor.fCnt),
    recentDedup: remember(cursor.recentDedup, frame.deduplicationId),
    lastHeardAt: frame.isAccepted ? Math.max(frame.heardAt, cursor.lastHeardAt ?? frame.heardAt) : cursor.lastHeardAt,
  }
}

/** The cursor after a late frame: it changes nothing but is known again when it comes once more. */
export function noteLateFrame(cursor: FrameCursor, frame: Frame): FrameCursor {
  return { ...cursor, recentDedup: remember(cursor.recentDedup, frame.deduplicationId) }
}

/** The cursor after a `join`: frames of the announced address are fresh whatever their counter or time. */
export function announceJoin(cursor: FrameCursor | null, devAddr: string | null): FrameCursor {
  return { ...(cursor ?? NEW_CURSOR), announcedDevAddr: devAddr }
}

function retire(cursor: FrameCursor, devAddr: string | null): readonly string[] {
  const former = cursor.devAddr === null ? cursor.formerDevAddrs : [cursor.devAddr, ...cursor.formerDevAddrs]
  return former.filter((address) => address !== devAddr).slice(0, REMEMBERED_SESSIONS)
}

function remember(recent: readonly string[], deduplicationId: string | null): readonly string[] {
  return deduplicationId === null ? recent : [...recent, deduplicationId].slice(-REMEMBERED_FRAMES)
}
