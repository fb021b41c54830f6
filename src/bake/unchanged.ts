/** Thrown by a step that finds that there is nothing to bake: an image of the very same content exists. */
export class Unchanged extends Error {
  override readonly name = 'Unchanged';
  readonly imageId: string;
  readonly imageName: string;

  constructor(imageId: string, imageName: string) {
    super(`the image ${imageName} (${imageId}) has the same fingerprint`);
    this.imageId = imageId;
    this.imageName = imageName;
  }
}
