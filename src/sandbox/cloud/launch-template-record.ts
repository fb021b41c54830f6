import type { RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import type { Resource } from './state.ts';

export interface LaunchTemplateRecord extends Resource {
  /** One in a region has it. */
  readonly name: string;
  readonly defaultVersion: number;
  /** The last number that was given: those of deleted versions are not given again. */
  readonly latestVersion: number;
  /** By number. */
  readonly versions: readonly TemplateVersion[];
}

export interface TemplateVersion {
  /** Counts from 1. */
  readonly number: number;
  readonly createdAt: number;
  readonly description?: string;
  /** As it was given; of a version that was made from another, with what that one had. */
  readonly data: RequestLaunchTemplateData;
}
