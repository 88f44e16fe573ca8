/** Plays the scenarios of WF-180, WF-200, WF-210, WF-220. */
import { playScenarios } from '../play-scenarios'
import { loopScenarios } from './loops'

describe('scenarios of loops', () => playScenarios(loopScenarios))
