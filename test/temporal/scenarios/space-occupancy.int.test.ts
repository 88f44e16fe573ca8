/** Plays the scenarios of WF-010. */
import { playScenarios } from '../play-scenarios'
import { spaceScenarios } from './space-occupancy'

describe('scenarios of space-occupancy', () => playScenarios(spaceScenarios))
