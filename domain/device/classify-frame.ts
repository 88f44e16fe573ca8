/** Is a frame news, a repeat, or too late (DOM-921)? Only a fresh frame may change anything. */
import { NEW_CURSOR, advanceCursor, noteLateFrame, type Frame, type FrameCursor } from './frame-cursor'

export type FreshCase = 'first' | 'next' | 'wrapped' | 'reset' | 'new_session'

export type FrameClass =
  | { readonly kind: 'fresh'; readonly case: FreshCase }
  | { readonly kind: 'repeat'; readonly case: null }
  | { readonly kind: 'late'; readonly case: null }

export type ClassifiedFrame = FrameClass & {
  /** The cursor to store. Unchanged after a repeat. */
  readonly cursor: FrameCursor
}

/** Half of a 16-bit counter: a counter that falls by so much has wrapped rather than run backwards. */
const WRAP_DISTANCE = 32_768
const LAST_16_BIT_COUNT = 65_535
/** A counter that starts again this long after the last frame was reset; nearer, the frame is an old one that took its time. */
const RESET_AFTER_MS = 60_000

/** `cursor` null = nothing was ever heard. The frame's own identity and times decide; no clock is read. */
export function classifyFrame(cursor: FrameCursor | null, frame: Frame): ClassifiedFrame {
  const found = findClass(cursor ?? NEW_CURSOR, frame)
  return { ...found, cursor: moveCursor(cursor ?? NEW_CURSOR, frame, found) }
}

function findClass(cursor: FrameCursor, frame: Frame): FrameClass {
  if (isUnheard(cursor)) return { kind: 'fresh', case: 'first' }
  if (frame.deduplicationId !== null && cursor.recentDedup.includes(frame.deduplicationId)) return { kind: 'repeat', case: null }
  const news = findNews(cursor, frame)
  if (news !== null) return { kind: 'fresh', case: news }
  const isRepeat = frame.isStored && !frame.skipsFcntCheck // without a counter to trust, only the id tells a repeat
  return { kind: isRepeat ? 'repeat' : 'late', case: null }
}

/** A join alone has not been heard from yet. */
function isUnheard({ devAddr, fCnt, lastHeardAt, recentDedup }: FrameCursor): boolean {
  return devAddr === null && fCnt === null && lastHeardAt === null && recentDedup.length === 0
}

function findNews(cursor: FrameCursor, frame: Frame): FreshCase | null {
  if (frame.skipsFcntCheck) return isLater(cursor, frame) ? 'next' : null
  const isSameSession = frame.devAddr === null || frame.devAddr === cursor.devAddr
  return isSameSession ? findNewsInSession(cursor, frame) : findNewSession(cursor, frame)
}

function findNewsInSession(cursor: FrameCursor, frame: Frame): FreshCase | null {
  if (cursor.fCnt === null || frame.fCnt === null) return isLater(cursor, frame) ? 'next' : null
  if (frame.fCnt > cursor.fCnt) return 'next'
  const hasWrapped = cursor.fCnt - frame.fCnt >= WRAP_DISTANCE && cursor.fCnt <= LAST_16_BIT_COUNT
  if (hasWrapped && isLater(cursor, frame)) return 'wrapped'
  return hasRestarted(cursor, frame) ? 'reset' : null
}

/** A former address never becomes news by its time alone: a frame that a gateway kept back may carry the server's clock. */
function findNewSession(cursor: FrameCursor, frame: Frame): FreshCase | null {
  if (frame.devAddr === cursor.announcedDevAddr) return 'new_session'
  const isFormer = frame.devAddr !== null && cursor.formerDevAddrs.includes(frame.devAddr)
  const isEarlier = cursor.lastHeardAt !== null && frame.heardAt < cursor.lastHeardAt
  return isFormer || isEarlier ? null : 'new_session'
}

function isLater({ lastHeardAt }: FrameCursor, { heardAt }: Frame): boolean {
  return lastHeardAt === null || heardAt > lastHeardAt
}

/** Only the network's own time can tell a restart from an old frame that took its time. */
function hasRestarted({ lastHeardAt }: FrameCursor, { heardAt, hasNetworkTime }: Frame): boolean {
  return hasNetworkTime && lastHeardAt !== null && heardAt > lastHeardAt + RESET_AFTER_MS
}

function moveCursor(cursor: FrameCursor, frame: Frame, { kind }: FrameClass): FrameCursor {
  if (kind === 'fresh') return advanceCursor(cursor, frame)
  return kind === 'late' ? noteLateFrame(cursor, frame) : cursor
}
