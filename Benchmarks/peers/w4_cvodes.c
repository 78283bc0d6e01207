// W4 by CVODES: a library of one function, which w4.py builds and calls.
//
// The unknowns of a cell stand together, u0 v0 u1 v1 ..., so that the Jacobian has two diagonals on
// either side. BDF with Newton's method; the parameters are the two coefficients of diffusion.

#include <cvodes/cvodes.h>
#include <cvodes/cvodes_bandpre.h>
#include <math.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_band.h>
#include <sunlinsol/sunlinsol_spgmr.h>
#include <sunmatrix/sunmatrix_band.h>

enum { BAND, GMRES, GMRES_BAND };
static const double EDGE[2] = {1, 3};

typedef struct {
  long cells;
  double diffusion[2];
} line;

// Second differences times (cells + 1)^2, with a value beyond both ends.
static double curvature(const line *p, const double *y, long i, int c, double edge) {
  const double left = i > 0 ? y[2 * i - 2 + c] : edge;
  const double right = i < p->cells - 1 ? y[2 * i + 2 + c] : edge;
  return (double)(p->cells + 1) * (double)(p->cells + 1) * (left - 2 * y[2 * i + c] + right);
}

static int slope(double t, N_Vector state, N_Vector result, void *user) {
  const line *p = user;
  const double *y = N_VGetArrayPointer(state);
  double *f = N_VGetArrayPointer(result);
  for (long i = 0; i < p->cells; i++) {
    const double u = y[2 * i], v = y[2 * i + 1], growth = u * u * v;
    f[2 * i] = 1 + growth - 4 * u + p->diffusion[0] * curvature(p, y, i, 0, EDGE[0]);
    f[2 * i + 1] = 3 * u - growth + p->diffusion[1] * curvature(p, y, i, 1, EDGE[1]);
  }
  return 0;
}

static int product(
  N_Vector direction, N_Vector result, double t, N_Vector state, N_Vector f, void *user,
  N_Vector scratch) {
  const line *p = user;
  const double *y = N_VGetArrayPointer(state), *d = N_VGetArrayPointer(direction);
  double *r = N_VGetArrayPointer(result);
  for (long i = 0; i < p->cells; i++) {
    const double u = y[2 * i], v = y[2 * i + 1];
    const double growth = 2 * u * v * d[2 * i] + u * u * d[2 * i + 1];
    r[2 * i] = growth - 4 * d[2 * i] + p->diffusion[0] * curvature(p, d, i, 0, 0);
    r[2 * i + 1] = 3 * d[2 * i] - growth + p->diffusion[1] * curvature(p, d, i, 1, 0);
  }
  return 0;
}

static int jacobian(
  double t, N_Vector state, N_Vector f, SUNMatrix matrix, void *user, N_Vector a, N_Vector b,
  N_Vector c) {
  const line *p = user;
  const double *y = N_VGetArrayPointer(state);
  const double scale = (double)(p->cells + 1) * (double)(p->cells + 1);
  SUNMatZero(matrix);
  for (long i = 0; i < p->cells; i++) {
    const double u = y[2 * i], v = y[2 * i + 1];
    SM_ELEMENT_B(matrix, 2 * i, 2 * i) = 2 * u * v - 4 - 2 * scale * p->diffusion[0];
    SM_ELEMENT_B(matrix, 2 * i, 2 * i + 1) = u * u;
    SM_ELEMENT_B(matrix, 2 * i + 1, 2 * i) = 3 - 2 * u * v;
    SM_ELEMENT_B(matrix, 2 * i + 1, 2 * i + 1) = -u * u - 2 * scale * p->diffusion[1];
    for (int k = 0; k < 2; k++) {
      const double rate = scale * p->diffusion[k];
      if (i > 0) SM_ELEMENT_B(matrix, 2 * i + k, 2 * i + k - 2) = rate;
      if (i < p->cells - 1) SM_ELEMENT_B(matrix, 2 * i + k, 2 * i + k + 2) = rate;
    }
  }
  return 0;
}

// How fast the derivative of the state by a coefficient of diffusion changes.
static int sensitivity(
  int count, double t, N_Vector state, N_Vector f, int k, N_Vector s, N_Vector result, void *user,
  N_Vector a, N_Vector b) {
  const line *p = user;
  const double *y = N_VGetArrayPointer(state);
  product(s, result, t, state, f, user, a);
  double *r = N_VGetArrayPointer(result);
  for (long i = 0; i < p->cells; i++) r[2 * i + k] += curvature(p, y, i, k, EDGE[k]);
  return 0;
}

// Follows a line of cells to t = 10. `counts` are steps, evaluations, and products of Krylov methods;
// `gradient`, if it is not null, gets the derivatives of the sum of squares over 4 cells.
int follow(
  long cells, double tolerance, int solver, double *end, double *gradient, long *counts) {
  line p = {cells, {0.02, 0.02}};
  SUNContext context;
  SUNContext_Create(NULL, &context);
  N_Vector y = N_VNew_Serial(2 * cells, context);
  double *values = N_VGetArrayPointer(y);
  for (long i = 0; i < cells; i++) {
    values[2 * i] = 1 + sin(2 * M_PI * (double)(i + 1) / (double)(cells + 1));
    values[2 * i + 1] = 3;
  }
  void *memory = CVodeCreate(CV_BDF, context);
  CVodeInit(memory, slope, 0, y);
  CVodeSStolerances(memory, tolerance, tolerance);
  CVodeSetUserData(memory, &p);
  CVodeSetMaxNumSteps(memory, 10000000);
  SUNMatrix matrix = NULL;
  SUNLinearSolver linear;
  if (solver == BAND) {
    matrix = SUNBandMatrix(2 * cells, 2, 2, context);
    linear = SUNLinSol_Band(y, matrix, context);
    CVodeSetLinearSolver(memory, linear, matrix);
    CVodeSetJacFn(memory, jacobian);
  } else {
    linear = SUNLinSol_SPGMR(y, solver == GMRES ? SUN_PREC_NONE : SUN_PREC_LEFT, 0, context);
    CVodeSetLinearSolver(memory, linear, NULL);
    CVodeSetJacTimes(memory, NULL, product);
    if (solver == GMRES_BAND) CVBandPrecInit(memory, 2 * cells, 2, 2);
  }
  N_Vector *derivatives = NULL;
  if (gradient) {
    derivatives = N_VCloneVectorArray(2, y);
    for (int k = 0; k < 2; k++) N_VConst(0, derivatives[k]);
    CVodeSensInit1(memory, 2, CV_STAGGERED, sensitivity, derivatives);
    CVodeSetSensParams(memory, NULL, p.diffusion, NULL);
    CVodeSensEEtolerances(memory);
    CVodeSetSensErrCon(memory, SUNTRUE);
  }
  double t = 0;
  const int status = CVode(memory, 10, y, &t, CV_NORMAL);
  CVodeGetNumSteps(memory, &counts[0]);
  CVodeGetNumRhsEvals(memory, &counts[1]);
  counts[2] = 0;
  if (solver != BAND) CVodeGetNumLinIters(memory, &counts[2]);
  for (long i = 0; i < 2 * cells; i++) end[i] = values[i];
  if (gradient && status >= 0) {
    CVodeGetSens(memory, &t, derivatives);
    for (int k = 0; k < 2; k++) gradient[k] = N_VDotProd(y, derivatives[k]) / (2.0 * (double)cells);
  }
  if (derivatives) N_VDestroyVectorArray(derivatives, 2);
  CVodeFree(&memory);
  SUNLinSolFree(linear);
  if (matrix) SUNMatDestroy(matrix);
  N_VDestroy(y);
  SUNContext_Free(&context);
  return status < 0 ? status : 0;
}
