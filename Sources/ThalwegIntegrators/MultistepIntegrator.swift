/// A method whose steps begin with the states of several equally distant times, so that their size
/// cannot change on the way.
package protocol MultistepIntegrator {}

extension DuFortFrankel: MultistepIntegrator {}
extension Leapfrog: MultistepIntegrator {}
extension LeapfrogMidpoint: MultistepIntegrator {}
